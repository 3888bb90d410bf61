import { serve } from "@/lib/server/serve";
import { cpuOfChildren } from "../process-cpu";
import { ownUsage, sendToParent } from "./serving";

// Tessera as `npm start` runs it. It also reports its usage; the processor time includes that of the engine's processes.
await serve("start");
const port = Number(process.env.PORT);
await fetch(`http://localhost:${port}/health/live`);
sendToParent(port, {
  usage: async () => {
    const { cpu, memory } = ownUsage();
    return { cpu: cpu + (await cpuOfChildren(process.pid)), memory };
  },
});
