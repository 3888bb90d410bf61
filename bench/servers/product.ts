import { serve } from "@/lib/server/serve";
import { sendToParent } from "./serving";

// Tessera as `npm start` runs it. It also reports its usage.
await serve("start");
const port = Number(process.env.PORT);
await fetch(`http://localhost:${port}/health/live`);
sendToParent(port);
