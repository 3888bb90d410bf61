import { bench } from "@/bench/run";

// `npm run bench -- 1000000`: with that many tokens; 100,000 unless told.
await bench({ tokens: Number(process.argv[2] ?? 100_000), rounds: 5, seconds: 4, connections: 50 });
