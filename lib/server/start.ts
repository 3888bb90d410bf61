import cluster from "node:cluster";
import { serve, serveAlong } from "./serve";

await (cluster.isPrimary ? serve("start") : serveAlong());
