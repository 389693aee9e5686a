// SPDX-License-Identifier: Apache-2.0
import { create, type DescFile, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** A google.protobuf.FileDescriptorSet with a file and all of its imports, as `buf build` writes it. */
export function descriptorSetOf(file: DescFile): Uint8Array {
  const files = new Set<DescFile>();
  const add = (one: DescFile) => {
    for (const dependency of one.dependencies) add(dependency);
    files.add(one);
  };
  add(file);
  const set = create(FileDescriptorSetSchema, { file: [...files].map(({ proto }) => proto) });
  return toBinary(FileDescriptorSetSchema, set);
}
