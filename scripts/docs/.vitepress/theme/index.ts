// SPDX-License-Identifier: Apache-2.0
import { useData } from "vitepress";
import DefaultTheme from "vitepress/theme";
import { nextTick, watch } from "vue";
import "./style.css";

export default {
  extends: DefaultTheme,
  setup() {
    const { frontmatter, page } = useData();
    if (import.meta.env.SSR) return;
    // The theme's home page has no main landmark; its other pages have one.
    const markMain = async () => {
      await nextTick();
      const content = document.getElementById("VPContent");
      if (frontmatter.value.layout === "home") content?.setAttribute("role", "main");
      else content?.removeAttribute("role");
    };
    watch(() => page.value.relativePath, markMain, { immediate: true });
  },
};
