import { notFound } from "next/navigation";
import { Refusal, type RefusalCode } from "@/lib/errors";

/**
 * What `read` answers, or Next's not-found page.
 *
 * @param hidden the codes of refusals that lead to the not-found page. A path that cannot be decoded always does.
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
