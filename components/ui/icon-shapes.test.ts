import { expect, test } from "vitest";
import * as shapes from "./icon-shapes";

interface IconModule {
  __iconData: { node: [tag: string, attributes: Record<string, string>][] };
}

test.each(Object.entries(shapes))("the shapes of %s are those of lucide", async (name, text) => {
  const file = name.replace(/[A-Z]|\d+/g, (part) => `-${part.toLowerCase()}`);
  const { __iconData: icon }: IconModule = await import(`lucide-react/icons/${file}`);
  expect(text).toBe(icon.node.map(([tag, { key, ...attributes }]) => `<${tag}${written(attributes)}/>`).join(""));
});

const written = (attributes: Record<string, string>) =>
  Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
