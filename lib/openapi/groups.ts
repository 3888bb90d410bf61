import type { ApiDocument, DescribedOperation } from "./document";

interface Listed {
  method: string;
  path: string;
  operation: DescribedOperation;
}

export interface Group {
  name: string;
  operations: Listed[];
}

/** Groups the operations of a document by tag, in order. */
export function groupsOf(document: ApiDocument): Group[] {
  const listed = Object.entries(document.paths).flatMap(([path, byMethod]) =>
    Object.entries(byMethod).map(([method, operation]) => ({ method, path, operation })),
  );
  return document.tags.map(({ name }) => ({
    name,
    operations: listed.filter(({ operation }) => operation.tags.includes(name)),
  }));
}

/** The anchor of a group on the page. */
export const anchorOf = (name: string) => name.toLowerCase().replaceAll(" ", "-");
