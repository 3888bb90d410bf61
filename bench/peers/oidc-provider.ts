import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { serveForBench } from "../servers/serving";

// The introspection of oidc-provider with its default storage: a thousand entries in memory, without a database.
const count = 500;

const provider = new Provider("http://localhost", {
  clients: [
    {
      client_id: "bench",
      client_secret: "bench-secret",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
    },
  ],
  scopes: ["jobs:access"],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
  },
  ttl: { ClientCredentials: 24 * 60 * 60 },
});

const client = await provider.Client.find("bench");
if (!client) throw new Error("oidc-provider does not know its client.");
const values: string[] = [];
while (values.length < count)
  values.push(await new provider.ClientCredentials({ client, scope: "jobs:access" }).save());
serveForBench(createServer(provider.callback()), { values });
