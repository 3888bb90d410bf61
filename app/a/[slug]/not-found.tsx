import { NotAvailable } from "@/components/apps/not-available";

export const metadata = { title: "Not available" };

export default function AppNotAvailable() {
  return <NotAvailable />;
}
