// Protection of sheets: xlwings has no call for it, so the server asks the page (callbacks of xlwings).
import { Hinweis, kennwort } from "./texte.js";

// Sheets that were opened, with the options they had. What is left here after a failure is closed again.
const offen = new Map();

export async function krsSchutzAuf(context, blatt) {
  const schutz = context.workbook.worksheets.getItem(blatt).protection;
  schutz.load("protected,options");
  await context.sync();
  if (!schutz.protected) return;
  const { options } = schutz;
  try {
    schutz.unprotect();
    await context.sync();
  } catch {
    throw new Hinweis(kennwort(blatt));
  }
  offen.set(blatt, options);
}

export async function krsSchutzZu(context, blatt) {
  if (!offen.has(blatt)) return;
  // Before protecting: what was written must be in the sheet.
  await context.sync();
  context.workbook.worksheets.getItem(blatt).protection.protect(offen.get(blatt));
  await context.sync();
  offen.delete(blatt);
}

/** Protect again whatever a failed macro left open. */
export async function schliesseSchutz() {
  if (offen.size === 0) return;
  await Excel.run(async (context) => {
    for (const blatt of [...offen.keys()]) await krsSchutzZu(context, blatt);
  });
}
