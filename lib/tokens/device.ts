const browsers: readonly [name: string, pattern: RegExp][] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\b(?:OPR|Opera)\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Vivaldi", /\bVivaldi\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\//],
  ["Chromium", /\bChromium\//],
  ["Safari", /\bVersion\/[\d.]+ .*\bSafari\//],
];

const systems: readonly [name: string, pattern: RegExp][] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b|\bMacintosh\b/],
  ["Linux", /\bLinux\b|\bX11\b/],
];

/** The name of a session: `Firefox on Linux`. The order of the lists matters: agents name other browsers too. */
export function deviceName(agent: string | null): string {
  if (!agent) return "Unknown device";
  const browser = nameIn(browsers, agent);
  const system = nameIn(systems, agent);
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? system ?? programName(agent);
}

const nameIn = (list: typeof browsers, agent: string) => list.find(([, pattern]) => pattern.test(agent))?.[0];

const programName = (agent: string) => /^[\w.+-]{1,40}(?=\/)/.exec(agent)?.[0] ?? "Unknown device";
