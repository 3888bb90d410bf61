import autocannon from "autocannon";
import type { Shot, ShotFigures } from "../shot";

// `autocannon.ts <JSON of a Shot>` puts a server under load with autocannon and prints the figures as JSON.

const { url, headers, connections, seconds }: Shot = JSON.parse(process.argv[2] ?? "");
const { requests, latency, errors, non2xx } = await autocannon({ url, headers, connections, duration: seconds });
const figures: ShotFigures = {
  requests: requests.total,
  perSecond: requests.average,
  p50: latency.p50,
  p99: latency.p99,
  failures: errors + non2xx,
};
console.log(JSON.stringify(figures));
