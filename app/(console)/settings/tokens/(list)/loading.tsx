import { Skeleton, TableSkeleton } from "@/components/ui/skeleton";

/** The shape of Manage Tokens while its tables are read. */
export default function Loading() {
  return (
    <>
      <div className="flex h-21 flex-col justify-center gap-3">
        <Skeleton className="h-6 w-48" />
        <Skeleton className="h-4 w-80 max-w-full" />
      </div>
      <Skeleton className="h-9 w-60" />
      <Skeleton className="h-8 w-80 max-w-full" />
      <TableSkeleton rows={6} />
    </>
  );
}
