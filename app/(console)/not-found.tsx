import { NothingHere } from "@/components/shell/nothing-here";

export const metadata = { title: "Page not found" };

export default function NotFound() {
  return <NothingHere />;
}
