import { NotAvailable } from "@/components/apps/not-available";

export const metadata = { title: "App not available" };

export default function AppNotAvailable() {
  return <NotAvailable />;
}
