import { expect, test } from "vitest";
import { cookiesOf } from "./cookies";

const read = (cookie: string) => ({ ...cookiesOf(new Headers({ cookie })) });

test("of two cookies with one name the first counts", () => {
  expect(read("tessera-session=longer-path; a=1; tessera-session=shorter-path")).toEqual({
    "tessera-session": "longer-path",
    a: "1",
  });
});

test("values are decoded, and one that cannot be stays as it is", () => {
  expect(read("csrf=a%7Cb; share=100%; other=%E0%A4%A")).toEqual({ csrf: "a|b", share: "100%", other: "%E0%A4%A" });
});

test("spaces, empty values, and what is no pair", () => {
  expect(read(" a = 1 ;b=;flag; c=x=y")).toEqual({ a: "1", b: "", c: "x=y" });
  expect(cookiesOf(new Headers())).toEqual({});
});

test("a name of an object's own is a name like any other", () => {
  const cookies = cookiesOf(new Headers({ cookie: "__proto__=1; constructor=2" }));
  const values = ["__proto__", "constructor", "toString"].map((name) => Reflect.get(cookies, name));
  expect(values).toEqual(["1", "2", undefined]);
});
