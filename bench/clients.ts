/** The headers that Node's `fetch` sends with every request. */
export const fetchHeaders = {
  connection: "keep-alive",
  accept: "*/*",
  "accept-language": "*",
  "sec-fetch-mode": "cors",
  "user-agent": "node",
  "accept-encoding": "gzip, deflate",
};

/** Those of curl. */
export const curlHeaders = { "User-Agent": "curl/8.14.1", Accept: "*/*" };

/** A request with a JSON body, as `fetch` sends it. */
export function fetchJson(headers: Record<string, string>, body: object) {
  return { headers: { ...fetchHeaders, ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}
