import cluster from "node:cluster";
import { serve, serveWorker } from "./serve";

await (cluster.isPrimary ? serve("start") : serveWorker());
