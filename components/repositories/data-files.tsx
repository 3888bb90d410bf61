import { bytesInWords } from "@/components/results/result-size";
import { RelativeTime } from "@/components/ui/relative-time";
import { Card, Section } from "@/components/ui/section";
import { type FileView, fileUrlOf, type RepositoryView } from "@/lib/repositories/schema";
import { UploadFile } from "./upload-file";

/** The data files of a repository, the first hundred by name, and the upload of further ones. */
export function DataFiles({ repository, files }: { repository: RepositoryView; files: FileView[] }) {
  const { name, can } = repository;
  const more = repository.files - files.length;
  return (
    <Section
      title="Data files"
      description={more > 0 ? `The first ${files.length}; ${more} more are not shown.` : undefined}
    >
      {can.publish && <UploadFile repository={name} />}
      {files.length === 0 ? (
        <p className="rounded border border-dashed border-line px-4 py-3 text-muted">No data files yet.</p>
      ) : (
        <Card flush>
          <ul className="divide-y divide-line">
            {files.map((file) => (
              <FileItem key={file.name} repository={name} file={file} mayDownload={can.download} />
            ))}
          </ul>
        </Card>
      )}
    </Section>
  );
}

function FileItem({ repository, file, mayDownload }: { repository: string; file: FileView; mayDownload: boolean }) {
  const { name, size, createdAt } = file;
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-2">
      {mayDownload ? (
        <a href={fileUrlOf({ repository, file: name })} download={name} className="min-w-0 break-all hover:underline">
          {name}
        </a>
      ) : (
        <span className="min-w-0 break-all">{name}</span>
      )}
      <span className="text-sm text-muted">
        {bytesInWords(size)}, <RelativeTime at={createdAt} />
      </span>
    </li>
  );
}
