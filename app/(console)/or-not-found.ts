import { notFound } from "next/navigation";
import { Refusal, type RefusalCode } from "@/lib/errors";

/**
 * Returns what `read` returns, or shows Next's not-found page.
 *
 * @param hidden the codes of the refusals that show the not-found page. A path that cannot be decoded always shows it.
 */
export async function orNotFound<T>(read: () => Promise<T>, hidden: RefusalCode[] = ["not-found"]): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isHidden = error instanceof Refusal && hidden.includes(error.code);
    if (isHidden || error instanceof URIError) notFound();
    throw error;
  }
}
