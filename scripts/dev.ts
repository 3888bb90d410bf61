import { serve } from "@/lib/server/serve";

await serve("dev");
