import { redirect } from "next/navigation";
import { Refusal } from "@/lib/errors";

/**
 * Reads a page of a list. A cursor that does not belong to the list, such as one from an old bookmark or from another
 * order, redirects to the first page.
 */
export async function readPage<T>(read: () => Promise<T>, firstPageHref: string): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Refusal && error.field === "cursor") redirect(firstPageHref);
    throw error;
  }
}
