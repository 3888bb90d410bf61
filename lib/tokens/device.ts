const browsers: readonly [name: string, sign: RegExp][] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\b(?:OPR|Opera)\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Vivaldi", /\bVivaldi\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\//],
  ["Chromium", /\bChromium\//],
  ["Safari", /\bVersion\/[\d.]+ .*\bSafari\//],
];

const systems: readonly [name: string, sign: RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b|\bMacintosh\b/],
  ["Linux", /\bLinux\b|\bX11\b/],
];

/** What a session is called: `Firefox on Linux`, `curl`, or `Unknown device`. The order of the signs matters: browsers name each other. */
export function deviceName(agent: string | null): string {
  if (!agent) return "Unknown device";
  const browser = nameIn(browsers, agent);
  const system = nameIn(systems, agent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? programName(agent);
}

const nameIn = (signs: typeof browsers, agent: string) => signs.find(([, sign]) => sign.test(agent))?.[0];

/** `curl/8.14.1` and its like: the name before the version. */
const programName = (agent: string) => /^[\w.+-]{1,40}(?=\/)/.exec(agent)?.[0] ?? "Unknown device";
