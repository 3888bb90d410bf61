"use client";

import { createColumnHelper } from "@tanstack/react-table";
import { Download, Replace, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { ColumnsMenu } from "@/components/data-table/columns-menu";
import { DataTable } from "@/components/data-table/data-table";
import { defineTable, type Features } from "@/components/data-table/definition";
import { bytesInWords } from "@/components/results/result-size";
import { MenuDownload, MenuItem, MenuSeparator } from "@/components/ui/menu";
import { RelativeTime } from "@/components/ui/relative-time";
import { type FileView, fileUrlOf, type RepositoryView } from "@/lib/repositories/schema";
import { useFileRemoval } from "./use-file-removal";
import { useFileUploads } from "./use-file-uploads";

type Row = FileView & { href: string | null };

/** The data files of a repository, the first hundred by name, and the upload of further ones. */
export function DataFiles({ repository, files }: { repository: RepositoryView; files: FileView[] }) {
  const { name, can } = repository;
  const uploads = useFileUploads(name);
  const removal = useFileRemoval(name, can.download);
  const rows = useMemo(
    () =>
      files.map(
        (file): Row => ({ ...file, href: can.download ? fileUrlOf({ repository: name, file: file.name }) : null }),
      ),
    [files, can.download, name],
  );
  const hasMenu = can.download || can.publish || can.remove;

  return (
    <div {...(can.publish && uploads.dropTarget)} className="flex flex-col gap-3">
      <DataTable
        definition={definition}
        title="Data files"
        amount={
          repository.files > files.length
            ? `the first ${files.length} of ${repository.files.toLocaleString("en")}`
            : undefined
        }
        rows={rows}
        tools={
          <>
            {can.publish && uploads.button}
            <ColumnsMenu of={definition} />
          </>
        }
        rowMenu={
          hasMenu
            ? {
                items: (file) => (
                  <FileMenu file={file} can={can} onReplace={uploads.replace} onRemove={removal.start} />
                ),
              }
            : undefined
        }
        empty={
          <p className="rounded border border-dashed border-line px-4 py-3 text-muted">
            No data files yet.{can.publish && " Drop one here, or press Upload file."}
          </p>
        }
      />
      {uploads.status}
      {removal.dialog}
    </div>
  );
}

function FileMenu({
  file,
  can,
  onReplace,
  onRemove,
}: {
  file: Row;
  can: RepositoryView["can"];
  onReplace: (name: string) => void;
  onRemove: (name: string) => void;
}) {
  return (
    <>
      {file.href && (
        <MenuDownload href={file.href} download={file.name} icon={<Download aria-hidden />}>
          Download
        </MenuDownload>
      )}
      {can.publish && (
        <MenuItem icon={<Replace aria-hidden />} onClick={() => onReplace(file.name)}>
          Replace…
        </MenuItem>
      )}
      {can.remove && (
        <>
          <MenuSeparator />
          <MenuItem icon={<Trash2 aria-hidden />} onClick={() => onRemove(file.name)}>
            Remove…
          </MenuItem>
        </>
      )}
    </>
  );
}

const column = createColumnHelper<Features, Row>();

const definition = defineTable<Row>({
  id: "data-files",
  rowId: (file) => file.name,
  rowName: (file) => file.name,
  columns: [
    column.display({
      id: "name",
      header: "Name",
      meta: { rowHeader: true },
      cell: ({ row: { original: file } }) =>
        file.href ? (
          <a href={file.href} download={file.name} className="break-all hover:underline">
            {file.name}
          </a>
        ) : (
          <span className="break-all">{file.name}</span>
        ),
    }),
    column.display({
      id: "type",
      header: "Type",
      meta: { width: "w-28" },
      cell: ({ row }) => typeOf(row.original.name),
    }),
    column.display({
      id: "size",
      header: "Size",
      meta: { width: "w-28" },
      cell: ({ row }) => <span className="tabular-nums">{bytesInWords(row.original.size)}</span>,
    }),
    column.display({
      id: "changed",
      header: "Changed",
      meta: { width: "w-36" },
      cell: ({ row }) => <RelativeTime at={row.original.createdAt} />,
    }),
  ],
});

/** The type of a file by the ending of its name: "CSV". */
function typeOf(name: string) {
  const [, ending] = /\.([A-Za-z0-9]{1,8})$/.exec(name) ?? [];
  return ending ? ending.toUpperCase() : <span className="text-muted">–</span>;
}
