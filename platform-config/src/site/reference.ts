import { z } from 'zod';
import { siteSchema } from './schema';

interface JsonSchema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
}

interface Row {
  key: string;
  value: string;
  needed: string;
  meaning: string;
}

/** The table of all keys of a site configuration, as Markdown, from the schema that checks it. */
export function siteReference(): string {
  const schema = z.toJSONSchema(siteSchema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const rows = rowsOf(schema, '').map(
    ({ key, value, needed, meaning }) => `| \`${key}\` | ${value} | ${needed} | ${meaning} |`,
  );
  return ['| Key | Value | Without it | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function rowsOf(schema: JsonSchema, prefix: string): Row[] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const key = `${prefix}${name}`;
    const row: Row = {
      key,
      value: valueOf(property),
      needed: required.has(name) ? '**refused**' : defaultOf(property),
      meaning: (property.description ?? '').replaceAll('|', '\\|'),
    };
    const inner =
      property.items?.properties !== undefined
        ? rowsOf(property.items, `${key}[].`)
        : rowsOf(property, `${key}.`);
    return row.meaning === '' && inner.length > 0 ? inner : [row, ...inner];
  });
}

function valueOf(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((choice) => `\`${JSON.stringify(choice)}\``).join(', ');
  if (choices?.every((choice) => choice.type === 'object')) return 'object';
  if (choices) return choices.map(valueOf).join(' or ');
  if (schema.type === 'array') return `list of ${plural(valueOf(schema.items ?? {}))}`;
  if (schema.type === 'boolean') return '`true`, `false`';
  return schema.type ?? 'any';
}

function plural(word: string): string {
  return /^[a-z]+$/.test(word) ? `${word}s` : word;
}

function defaultOf(schema: JsonSchema): string {
  return schema.default === undefined ? '–' : `\`${JSON.stringify(schema.default)}\``;
}
