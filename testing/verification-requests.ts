import fc from "fast-check";

/** A request as it is sent, without the Host header. */
export interface SampleRequest {
  line: string;
  headers: string[];
  body?: string | Uint8Array;
  /** Whether the body comes in a packet of its own. */
  isSplit?: boolean;
}

/** Encodes each character in one of the ways in which clients do it. */
const spelled = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(text, fc.infiniteStream(fc.nat(3)))
    .map(([raw, ways]) => [...raw].map((character) => encoded(character, ways.next().value)).join(""));

function encoded(character: string, way: number): string {
  const percent = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
  if (character === " " && way < 2) return "+";
  if (way === 0) return percent.toUpperCase();
  return way === 1 || !/[\w./:-]/.test(character) ? percent : character;
}

const weird = fc.string({ unit: fc.constantFrom(...'ab=&+%?;#"<\u00E92F0'), maxLength: 12 });

const optional = (...lines: string[]) =>
  fc.option(fc.constantFrom(...lines), { nil: null, freq: 2 }).map((line) => (line === null ? [] : [line]));
const lines = (...parts: fc.Arbitrary<string[]>[]) => fc.tuple(...parts).map((all) => all.flat());
const often = <T>(usual: fc.Arbitrary<T>, ...rare: fc.Arbitrary<T>[]) =>
  fc.oneof({ weight: 3 * rare.length, arbitrary: usual }, ...rare);

/** Random requests to the three operations of verification.
 * @param values of tokens and what looks like one, by what they are; `good` among them.
 * @param permissions that are asked about, valid or not; the first one is one of `good`. */
export function verificationRequests(values: Record<string, string>, permissions: readonly string[]) {
  const value = fc.constantFrom(...Object.values(values), ...Array(40).fill(values.good ?? ""));
  const headers = lines(authorizations(value), commonHeaders(values.session ?? ""));
  const get = (path: string, query: fc.Arbitrary<string>, more: fc.Arbitrary<string[]>): fc.Arbitrary<SampleRequest> =>
    fc
      .record({
        method: often(fc.constant("GET"), fc.constant("HEAD")),
        query,
        version: fc.constantFrom("HTTP/1.1", "HTTP/1.0"),
        headers: lines(headers, more, often(none, fc.constant(["Content-Length: 0"]))),
      })
      .map(({ method, query, version, headers }) => ({ line: `${method} ${path}?${query} ${version}`, headers }));
  return {
    authorize: get("/api/v1/authorize", questions(permissions), often(none, forwarded, oneForwarded)),
    token: get("/api/v1/token", often(fc.constant(""), fc.constantFrom("x=1", "&", "a&a")), none),
    introspect: introspections(value, headers),
  };
}

const none = fc.constant<string[]>([]);

function authorizations(value: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  const scheme = often(
    fc.constantFrom("Bearer ", "bearer ", "bEARER   ", "fmetoken token=", "FMEToken  token = "),
    fc.constantFrom("Digest ", "Bearer", "Bearer \u00A0"),
  );
  const name = fc.constantFrom("Authorization", "authorization", "AUTHORIZATION");
  const byScheme = fc.tuple(name, scheme, value).map((parts) => [`${parts[0]}: ${parts[1]}${parts[2]}`]);
  const byBasic = fc
    .tuple(fc.constantFrom("", "any%20client", "%zz"), spelled(value))
    .map(([id, secret]) => [`Authorization: Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`]);
  return often(byScheme, byBasic, none);
}

const commonHeaders = (session: string) =>
  lines(
    optional("User-Agent: curl/8.14.1", "User-Agent:", `User-Agent: ${"x".repeat(500)}`),
    optional("X-Forwarded-For: 192.0.2.7, 127.0.0.1", "X-Forwarded-For: junk", "X-Forwarded-For: 2001:DB8::A"),
    often(none, optional("Cookie: theme=dark", `Cookie: tessera-session=${session}`)),
    optional("Accept: */*", "Origin: https://evil.example", "Sec-Fetch-Site: cross-site", "X-Tessera-Address: 6.6.6.6"),
    often(none, optional("X-Request-Id: mine", "Connection: close", "Authorization: Bearer twice")),
  );

const forwarded = lines(
  optional("X-Original-URI: /gauges/7", "X-Original-URI: /elsewhere", "X-Original-URI:", "X-Original-URI: /a/%2e%2e/b"),
  optional("X-Original-Method: GET", "X-Original-Method: get", "X-Original-Method: POST"),
  optional("X-Forwarded-Uri: /jobs?x", `X-Forwarded-Uri: /gauges/${"7".repeat(8_001)}`),
  optional("X-Forwarded-Method: GET", "X-Forwarded-Method:"),
);

const oneForwarded = fc.constantFrom<string[][]>(
  ...[["X-Original-URI:"], ["X-Forwarded-Method:"], ["X-Forwarded-Uri: /jobs?x=1"]],
  ["X-Original-URI: /gauges/7?x=%2F", "X-Original-Method: GET"],
);

function questions(permissions: readonly string[]): fc.Arbitrary<string> {
  const first = permissions[0] ?? "";
  const asked = spelled(fc.constantFrom(...permissions, ...Array(3 * permissions.length).fill(first)));
  return often(
    fc.oneof(
      asked.map((text) => `permission=${text}`),
      asked.map((text) => `&%70ermission=${text}&`),
      fc.constant(""),
    ),
    fc.constantFrom("permission", "x=1", "permission=jobs:access&permission=jobs:access", "permission=a&x"),
    weird.map((text) => `permission=${text}`),
    weird,
  );
}

function introspections(value: fc.Arbitrary<string>, headers: fc.Arbitrary<string[]>): fc.Arbitrary<SampleRequest> {
  const form = often(
    fc
      .tuple(spelled(value), fc.boolean())
      .map(([token, isFirst]) =>
        isFirst ? `token=${token}&token_type_hint=access_token` : `client_id=a%20b&token=${token}`,
      ),
    fc.tuple(spelled(value), spelled(value)).map(([secret, token]) => `client_secret=${secret}&token=${token}`),
    fc.constantFrom("", "token", "x=1", "token=%zz&token=1", "token=%zz&x=%", `token=${"x".repeat(9_000)}`),
    weird,
  );
  return fc
    .record({
      query: often(fc.constant(""), fc.constant("?x=1")),
      body: often<string | Uint8Array>(form, fc.uint8Array({ maxLength: 30 })),
      type: often(
        fc.constantFrom("application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded;charset=UTF-8"),
        fc.constantFrom("application/x-www-form-urlencoded; charset=latin1", "application/json", "", "junk"),
      ),
      headers: lines(headers, often(none, optional("Content-Encoding: gzip"))),
      isSplit: fc.boolean(),
    })
    .map(({ query, body, type, headers, isSplit }) => ({
      line: `POST /api/v1/introspect${query} HTTP/1.1`,
      headers: [...headers, `Content-Type: ${type}`, `Content-Length: ${body.length}`],
      body,
      isSplit,
    }));
}
