import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { cache } from "react";
import { NotAvailable } from "@/components/apps/not-available";
import { OwnersNotice } from "@/components/apps/owners-notice";
import { RunPublicApp } from "@/components/apps/run-public-app";
import { getApp } from "@/lib/apps/queries";
import { getPublicApp } from "@/lib/apps/running";
import type { AppView, PublicApp } from "@/lib/apps/schema";
import { currentActor } from "@/lib/auth/current-actor";
import { pageFailure } from "@/lib/auth/page-outage";
import { requesterOf } from "@/lib/auth/requester";
import { Refusal } from "@/lib/errors";

interface PageProps {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const app = await runningApp((await params).slug);
  return app
    ? { title: { absolute: app.name }, description: app.description || undefined }
    : { title: "App not available" };
}

/** An app, for anyone who has its address. */
export default async function PublicAppPage({ params }: PageProps) {
  const { slug } = await params;
  const app = await runningApp(slug);
  if (!app) return <ForItsOwner slug={slug} />;
  return (
    <>
      <header>
        <h1 className="text-xl font-semibold tracking-tight break-words">{app.name}</h1>
        {app.description && <p className="mt-1 max-w-prose whitespace-pre-line text-muted">{app.description}</p>}
      </header>
      <RunPublicApp app={app} />
    </>
  );
}

/** Where there is no app that runs: the not-found page for visitors; for whoever manages it, why that is. */
async function ForItsOwner({ slug }: { slug: string }) {
  const app = await managedApp(slug);
  if (!app) notFound();
  return (
    <NotAvailable>
      <OwnersNotice app={app} />
    </NotAvailable>
  );
}

/** Null where there is no such app or it does not run: visitors do not learn which. Asked once per request. */
const runningApp = cache(
  async (slug: string): Promise<PublicApp | null> => orNull(getPublicApp(requesterOf(await headers()), slug)),
);

async function managedApp(slug: string): Promise<AppView | null> {
  const who = await currentActor();
  return who && orNull(getApp(who, slug));
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof Refusal && error.code === "not-found") return null;
    throw pageFailure(error, await headers());
  }
}
