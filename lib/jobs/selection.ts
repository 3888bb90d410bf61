import type { Prisma } from "../generated/prisma/client";
import type { Actor } from "../permissions/actor";
import { containsText } from "../search";
import { normalizeUserName } from "../text";
import { visibleTo } from "./policy";
import type { JobSelection } from "./schema";

/** The jobs that the actor may see and that the selection includes. */
export function whereSelected(who: Actor, selection: JobSelection): Prisma.JobWhereInput {
  const { q, from, to, submittedBy, repository: repositoryName, workspace: workspaceName, app: slug } = selection;
  return {
    AND: [
      visibleTo(who),
      { repositoryName, workspaceName, submittedAt: { gte: from, lt: to } },
      slug === undefined ? {} : { app: { slug } },
      submittedBy === undefined ? {} : { owner: { userName: normalizeUserName(submittedBy) } },
      q ? whereMatching(q) : {},
    ],
  };
}

function whereMatching(text: string): Prisma.JobWhereInput {
  const part = containsText(text);
  const id = /^[1-9]\d{0,8}$/.test(text) ? [{ id: Number(text) }] : [];
  return { OR: [{ workspaceName: part }, { repositoryName: part }, { appName: part }, ...id] };
}
