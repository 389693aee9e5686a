// SPDX-License-Identifier: Apache-2.0

type Json = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  integer: Number.isInteger,
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  null: (value) => value === null,
};

/** An OpenAPI 3.1 document, to check bodies against: the keywords of JSON Schema that the emulator's document uses. */
export function createOpenApiCheck(document: Json) {
  const schemas = (document.components as { schemas: Record<string, Json> }).schemas;

  const problems = (value: unknown, schema: Json, at: string): string[] => {
    if (typeof schema.$ref === "string") {
      const found = schemas[schema.$ref.replace("#/components/schemas/", "")];
      return found === undefined ? [`${at}: no schema ${schema.$ref}`] : problems(value, found, at);
    }
    if (Array.isArray(schema.anyOf)) {
      return schema.anyOf.some((one) => problems(value, one, at).length === 0) ? [] : [`${at}: fits none`];
    }
    if ("const" in schema) return value === schema.const ? [] : [`${at}: not ${String(schema.const)}`];
    if (Array.isArray(schema.enum)) return schema.enum.includes(value) ? [] : [`${at}: not in the enum`];
    const types = [schema.type ?? []].flat() as string[];
    if (!types.some((type) => TYPES[type]?.(value))) return [`${at}: not ${types.join(" or ")}`];
    if (schema.format === "date-time" && Number.isNaN(Date.parse(String(value)))) return [`${at}: no time`];
    if (typeof value === "number" && value < Number(schema.minimum ?? value)) return [`${at}: too small`];
    if (Array.isArray(value)) {
      const items = (schema.items ?? {}) as Json;
      return value.flatMap((one, index) =>
        Object.keys(items).length === 0 ? [] : problems(one, items, `${at}[${index}]`),
      );
    }
    if (TYPES.object?.(value) !== true) return [];
    const properties = (schema.properties ?? {}) as Record<string, Json>;
    const entries = value as Json;
    const missing = ((schema.required ?? []) as string[]).filter((key) => !(key in entries));
    const other = schema.additionalProperties;
    return [
      ...missing.map((key) => `${at}.${key}: missing`),
      ...Object.entries(entries).flatMap(([key, one]) => {
        const property = properties[key] ?? (typeof other === "object" ? (other as Json) : undefined);
        if (property !== undefined) return problems(one, property, `${at}.${key}`);
        return other === false ? [`${at}.${key}: not in the schema`] : [];
      }),
    ];
  };

  const operationAt = (verb: string, path: string) => {
    const paths = document.paths as Record<string, Record<string, Json>>;
    const fits = Object.keys(paths)
      .filter((template) => {
        const [before = "", after] = template.split(/\{\w+\}/);
        if (after === undefined) return template === path;
        return path.startsWith(before) && path.endsWith(after) && path.length > before.length + after.length;
      })
      .sort((a, b) => b.length - a.length);
    const operation = paths[fits[0] ?? ""]?.[verb.toLowerCase()];
    if (operation === undefined) throw new Error(`the document has no ${verb} ${path}`);
    return operation as Json & {
      requestBody?: { content: Record<string, { schema: Json }> };
      responses: Record<string, { content: Record<string, { schema: Json }> }>;
    };
  };

  return {
    /** What is wrong with a value that a schema of the document describes. */
    value: (value: unknown, schema: string): string[] =>
      problems(value, { $ref: `#/components/schemas/${schema}` }, schema),
    /** What is wrong with the body of a request; undocumented requests throw. */
    request: (verb: string, path: string, body: unknown): string[] => {
      const schema = operationAt(verb, path).requestBody?.content["application/json"]?.schema;
      return schema === undefined ? [] : problems(body, schema, "body");
    },
    /** What is wrong with the body of a response. */
    response: (verb: string, path: string, { status, body }: { status: number; body: unknown }): string[] => {
      const { responses } = operationAt(verb, path);
      const schema = responses[status === 200 ? "200" : "default"]?.content["application/json"]?.schema;
      return schema === undefined ? ["no schema"] : problems(body, schema, "body");
    },
  };
}
