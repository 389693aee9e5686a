// SPDX-License-Identifier: Apache-2.0

const WIDTH = 860;
const PANEL = 120;
const LEFT = 70;
const RIGHT = 20;
const TOP = 30;
const GAP = 44;
const BOTTOM = 40;

/**
 * Requests a second over time, one panel a scenario, as SVG text. A panel has a scale of its own: the quota is the dashed line.
 * Light and dark pages both have a background that these colours stand out from.
 */
export function plot({ scenarios, horizonMs, outage, restartMs, quotaPerSecond, bucketMs }) {
  const x = (ms) => LEFT + ((WIDTH - LEFT - RIGHT) * ms) / horizonMs;
  const height = TOP + scenarios.length * (PANEL + GAP) + BOTTOM - GAP;
  const panels = scenarios.map(({ title, buckets }, index) => {
    const top = TOP + index * (PANEL + GAP);
    const rates = buckets.map(({ served, rejected }) => ({
      served: (served * 1000) / bucketMs,
      all: ((served + rejected) * 1000) / bucketMs,
    }));
    const most = Math.max(...rates.map(({ all }) => all), 1);
    const max = niceMax(Math.max(most, most > quotaPerSecond / 10 ? quotaPerSecond : 0));
    const y = (rate) => top + PANEL - (PANEL * rate) / max;
    const line = (key) =>
      rates.map((rate, at) => `${x((at + 0.5) * bucketMs).toFixed(1)},${y(rate[key]).toFixed(1)}`).join(" ");
    const quota =
      quotaPerSecond <= max
        ? `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(quotaPerSecond)}" y2="${y(quotaPerSecond)}" class="quota"/>`
        : "";
    return [
      `<text x="${LEFT}" y="${top - 8}" class="title">${title}</text>`,
      `<rect x="${x(outage.fromMs)}" y="${top}" width="${x(outage.untilMs) - x(outage.fromMs)}" height="${PANEL}" class="outage"/>`,
      `<line x1="${x(restartMs)}" x2="${x(restartMs)}" y1="${top}" y2="${top + PANEL}" class="restart"/>`,
      quota,
      `<polyline points="${line("all")}" class="all"/>`,
      `<polyline points="${line("served")}" class="served"/>`,
      `<path d="M${LEFT} ${top}V${top + PANEL}H${WIDTH - RIGHT}" class="axis"/>`,
      ...[0, max / 2, max].map(
        (rate) => `<text x="${LEFT - 6}" y="${y(rate) + 4}" class="y">${rate.toLocaleString("en")}</text>`,
      ),
    ].join("\n");
  });
  const minutes = Array.from({ length: Math.floor(horizonMs / 300_000) + 1 }, (_, at) => at * 5);
  const ticks = minutes.map(
    (minute) => `<text x="${x(minute * 60_000)}" y="${height - BOTTOM + 18}" class="x">${minute} min</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" role="img" aria-label="Requests a second over time">
<style>
text { fill: #666 } .title { font-weight: bold } .y { text-anchor: end } .x { text-anchor: middle }
.all { fill: none; stroke: #d1495b; stroke-width: 1.3 } .served { fill: none; stroke: #2e86ab; stroke-width: 1.6 }
.quota { stroke: #888; stroke-dasharray: 5 4 } .restart { stroke: #e09f3e; stroke-width: 1.5 }
.outage { fill: #999; opacity: 0.2 } .axis { fill: none; stroke: #999 }
</style>
${panels.join("\n")}
${ticks.join("\n")}
<text x="${LEFT}" y="${height - 6}">requests a second: blue served, red sent; dashed the quota; grey the outage; yellow the restart of all processes</text>
</svg>
`;
}

/** The next of 1, 2, 5, 10, ... */
function niceMax(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= value);
}
