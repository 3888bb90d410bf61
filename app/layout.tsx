import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { OfflineNotice } from "@/components/parts/offline-notice";
import { themeCookie, themeFrom } from "@/components/shell/theme";
import { Toaster } from "@/components/ui/toaster";
import "./globals.css";

const sans = localFont({
  src: "../node_modules/@fontsource-variable/geist/files/geist-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist",
});

const mono = localFont({
  src: "../node_modules/@fontsource-variable/geist-mono/files/geist-mono-latin-wght-normal.woff2",
  weight: "100 900",
  variable: "--font-geist-mono",
  preload: false,
});

export const metadata: Metadata = {
  title: { default: "Tessera", template: "%s · Tessera" },
  description: "Run data workspaces, and keep full control of the tokens that act in your name.",
};

export async function generateViewport(): Promise<Viewport> {
  const theme = await chosenTheme();
  return { colorScheme: theme === "system" ? "light dark" : theme };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" data-theme={await chosenTheme()} className={`${sans.variable} ${mono.variable}`}>
      <body className="font-sans">
        <NuqsAdapter>{children}</NuqsAdapter>
        <Toaster />
        <OfflineNotice />
      </body>
    </html>
  );
}

async function chosenTheme() {
  return themeFrom((await cookies()).get(themeCookie)?.value);
}
