// Everything that touches the open workbook: run a macro, find a cell, open a workbook.
import { sendeJson } from "./netz.js";
import { ladeHerunter } from "./dateien.js";
import {
  Hinweis,
  KONFIGURATION,
  MAPPE_ZU,
  OHNE_EXCEL,
  OHNE_ZELLE,
  STRUKTUR,
  ZEILE_FEHLT,
} from "./texte.js";
import { schliesseSchutz } from "./schutz.js";

function verlangeExcel() {
  if (!globalThis.Excel?.run) throw new Hinweis(OHNE_EXCEL);
}

// xlwings reads settings from such a sheet of whatever workbook is open; a received file must not steer the add-in.
async function verlangeOhneKonfiguration() {
  await Excel.run(async (context) => {
    const blatt = context.workbook.worksheets.getItemOrNullObject("xlwings.conf");
    await context.sync();
    if (!blatt.isNullObject) throw new Hinweis(KONFIGURATION);
  });
}

// Said before the first action, so that nothing is half done.
async function verlangeStruktur(actions) {
  if (!actions?.some((a) => /sheet/i.test(a.func))) return;
  await Excel.run(async (context) => {
    const schutz = context.workbook.protection;
    if (!schutz) return;
    schutz.load("protected");
    await context.sync();
    if (schutz.protected) throw new Hinweis(STRUKTUR);
  });
}

/**
 * Run a macro on the open workbook: read it, ask the server, do what it answers.
 * Not xlwings.runPython: that one shows its own English messages and takes headers from the workbook.
 */
export async function rufeMakro(name, angaben) {
  verlangeExcel();
  await Office.onReady();
  await verlangeOhneKonfiguration();
  const mappe = await xlwings.getBookData();
  const antwort = await sendeJson(`/xlwings/custom-scripts-call/${name}`, { ...mappe, args: [angaben] });
  await verlangeStruktur(antwort.actions);
  try {
    await xlwings.runActions(antwort);
  } finally {
    await schliesseSchutz();
  }
}

/** Select the cell of a Befund in the open workbook; throws a Hinweis that says why not. */
export async function springe(befund) {
  verlangeExcel();
  await Excel.run(async (context) => {
    if (await istEinreichung(context, befund)) return waehleZelle(context, befund);
    const tabelle = context.workbook.tables.getItemOrNullObject("Befunde");
    await context.sync();
    if (tabelle.isNullObject) throw new Hinweis(MAPPE_ZU);
    return waehleZeile(context, tabelle, befund);
  });
}

const text = (wert) => String(wert ?? "").trim();
const dateiname = (pfad) => text(pfad).split(/[\\/]/).pop();

// A submission is known by who and when (defined names), a file without these names by its file name.
async function istEinreichung(context, befund) {
  const { workbook } = context;
  workbook.load("name");
  const bfs = await nameWert(context, "bfs_nr");
  if (befund.bfs_nr && bfs !== "") {
    const periode = (await nameWert(context, "periode")) || (await nameWert(context, "jahr"));
    return bfs === text(befund.bfs_nr) && periode === text(befund.periode);
  }
  return dateiname(befund.datei) !== "" && dateiname(befund.datei) === workbook.name;
}

async function nameWert(context, name) {
  const eintrag = context.workbook.names.getItemOrNullObject(name);
  await context.sync();
  if (eintrag.isNullObject) return "";
  const bereich = eintrag.getRangeOrNullObject();
  bereich.load("values");
  await context.sync();
  return bereich.isNullObject ? "" : text(bereich.values[0][0]);
}

async function waehleZelle(context, befund) {
  if (!befund.blatt || !befund.zelle) throw new Hinweis(OHNE_ZELLE);
  const blatt = context.workbook.worksheets.getItem(befund.blatt);
  blatt.activate();
  blatt.getRange(befund.zelle).select();
  await context.sync();
}

async function waehleZeile(context, tabelle, befund) {
  const kopf = tabelle.getHeaderRowRange().load("values");
  const zeilen = tabelle.getDataBodyRange();
  zeilen.load("values");
  await context.sync();
  const spalten = kopf.values[0].map((s) => text(s).toLowerCase());
  const gesucht = ["datei", "code", "zelle"].map((s) => [spalten.indexOf(s), text(befund[s])]);
  const nummer = zeilen.values.findIndex((zeile) => gesucht.every(([i, wert]) => i >= 0 && text(zeile[i]) === wert));
  if (nummer < 0) throw new Hinweis(ZEILE_FEHLT);
  tabelle.worksheet.activate();
  zeilen.getRow(nummer).select();
  await context.sync();
}

/** Open a workbook in a window of its own; where Excel cannot, download it. Gives true if Excel opened it. */
export async function oeffneMappe(name, base64) {
  const mappe = /\.xlsx$/i.test(name);
  if (mappe && globalThis.Excel?.createWorkbook && Office.context.requirements.isSetSupported("ExcelApi", "1.8")) {
    try {
      await Excel.createWorkbook(base64);
      return true;
    } catch (fehler) {
      console.warn(fehler);
    }
  }
  ladeHerunter(name, base64);
  return false;
}
