// Every German sentence that JavaScript shows. Whatever fails becomes one of them; English never gets through.

/** Something that we noticed ourselves: its message is the sentence to show. */
export class Hinweis extends Error {}

export const NETZ =
  "Der Server antwortet nicht. Prüfen Sie die Verbindung und versuchen Sie es nochmals; Ihre Eingaben bleiben erhalten.";
export const NETZ_ZELLE =
  "Der Server antwortet nicht. Prüfen Sie die Verbindung und berechnen Sie das Blatt neu (Ctrl+Alt+F9).";
export const ZEIT =
  "Der Server hat zu lange gebraucht. Versuchen Sie es nochmals oder senden Sie weniger Dateien auf einmal.";
export const UNKLAR =
  "Die Verbindung brach ab, bevor die Antwort kam. Ob der Befehl ausgeführt wurde, ist offen: Sehen Sie zuerst mit «Lauf: Vorschau» nach, bevor Sie ihn wiederholen.";
export const ABGELAUFEN =
  "Ihre Anmeldung fehlt oder ist abgelaufen. Melden Sie sich an; Dateien und Eingaben bleiben erhalten.";
export const CODE_FALSCH =
  "Der Zugangscode gilt nicht oder ist abgelaufen. Prüfen Sie, ob Sie ihn vollständig eingefügt haben, oder verlangen Sie einen neuen.";
export const ENTRA =
  "Microsoft hat Sie nicht angemeldet. Melden Sie sich in Excel mit Ihrem Geschäftskonto an und versuchen Sie es erneut.";
export const OHNE_EXCEL =
  "Das geht nur in Excel. Öffnen Sie den Aufgabenbereich in Excel und wiederholen Sie den Befehl.";
export const KONFIGURATION =
  "Die offene Mappe enthält ein Blatt «xlwings.conf», das Einstellungen des Add-ins ändern könnte. Löschen Sie dieses Blatt und wiederholen Sie den Befehl.";
export const STRUKTUR =
  "Die offene Mappe lässt keine neuen Blätter zu. Heben Sie den Schutz auf (Überprüfen > Arbeitsmappe schützen) und wiederholen Sie den Befehl.";
export const KEIN_ERGEBNIS =
  "Der Server hat kein Ergebnis gesendet. Wiederholen Sie den Befehl; bleibt es dabei, melden Sie es der Informatik.";
export const ORDNER =
  "Ein Ordner lässt sich nicht ablegen. Öffnen Sie ihn und ziehen Sie die Dateien darin hierher.";
export const KEINE_DATEI = "Es liegt noch keine Einreichung bereit. Ziehen Sie Dateien hierher oder wählen Sie sie aus.";
export const NICHT_DA =
  "Diese Datei liegt hier nicht bereit. Ziehen Sie sie unter «Eingang» nochmals hierher oder öffnen Sie sie in Excel.";
export const MAPPE_ZU = "Diese Einreichung ist nicht die offene Mappe.";
export const OFFEN =
  "Die Einreichung ist in einem eigenen Fenster offen. Öffnen Sie dort den Aufgabenbereich, um zu ihren Zellen zu springen.";
export const OHNE_ZELLE = "Dieser Befund betrifft die ganze Datei, nicht eine einzelne Zelle.";
export const ZEILE_FEHLT =
  "Im offenen Master steht dieser Befund nicht. Öffnen Sie den Master, der eben gebaut wurde.";
export const LADEN_GEHT_NICHT =
  "Die Datei wurde heruntergeladen, weil diese Excel-Version sie nicht selbst öffnen kann. Sie liegt im Ordner «Downloads».";

const STATUS = {
  400: "Der Server versteht die Anfrage nicht. Prüfen Sie die Eingaben.",
  403: "Für diesen Schritt fehlt Ihnen die Berechtigung. Wenden Sie sich an die Person, die den Zugang verwaltet.",
  404: "Der Server findet das Verlangte nicht. Laden Sie die Tafel neu.",
  409: "Die Ablage ist gerade in Gebrauch oder hat sich geändert. Warten Sie einen Moment und wiederholen Sie den Schritt.",
  413: "Die Dateien sind zusammen zu gross. Senden Sie weniger Dateien auf einmal.",
  415: "Dieses Dateiformat nimmt der Server nicht an. Senden Sie Excel-Mappen (.xlsx) oder E-Mails (.eml).",
  422: "Eine Angabe stimmt nicht. Prüfen Sie die Eingaben.",
  429: "Zu viele Anfragen in kurzer Zeit. Warten Sie eine Minute und wiederholen Sie den Schritt.",
};

const EXCEL = {
  AccessDenied:
    "Excel lässt die Änderung nicht zu, weil das Blatt geschützt ist. Heben Sie den Schutz auf (Überprüfen > Blattschutz aufheben) und wiederholen Sie den Befehl.",
  InvalidOperationInCellEditMode:
    "Excel ist im Bearbeitungsmodus. Schliessen Sie die Zelle mit Enter oder Esc ab und wiederholen Sie den Befehl.",
  ItemNotFound:
    "Excel findet das Blatt oder die Zelle nicht. Das Blatt wurde umbenannt oder gelöscht; öffnen Sie die ursprüngliche Datei.",
  ApiNotFound: "Diese Excel-Version kann das nicht. Verwenden Sie Microsoft 365 oder Excel 2021.",
  RequestAborted: "Excel hat den Schritt abgebrochen. Wiederholen Sie den Befehl.",
};
// The same cause under other names, as Excel reports it on other platforms or at other moments.
EXCEL.InvalidOperation = EXCEL.RequestAborted;
EXCEL.CellEditMode = EXCEL.InvalidOperationInCellEditMode;
EXCEL.HostIsBusy = EXCEL.InvalidOperationInCellEditMode;
EXCEL.InvalidArgument = EXCEL.ItemNotFound;
EXCEL.InvalidReference = EXCEL.ItemNotFound;
EXCEL.NotImplemented = EXCEL.ApiNotFound;
EXCEL.UnsupportedOperation = EXCEL.ApiNotFound;

export function zuStatus(status) {
  return STATUS[status] ?? `Der Server meldet einen Fehler (${status}). Wiederholen Sie den Schritt; bleibt es dabei, melden Sie es der Informatik.`;
}

/** One German sentence for whatever Excel threw. xlwings wraps the cause of a failed action. */
export function zuExcel(fehler) {
  let ursache = fehler;
  while (ursache?.cause) ursache = ursache.cause;
  if (ursache instanceof Hinweis) return ursache.message;
  const code = String(ursache?.code ?? "unbekannt");
  const satz =
    EXCEL[code] ??
    `Excel hat den Schritt nicht ausgeführt (${code}). Speichern Sie die Mappe und wiederholen Sie den Befehl.`;
  return fehler?.code === "action_failed" ? `${satz} Das Ergebnisblatt ist womöglich unvollständig.` : satz;
}

export function kennwort(blatt) {
  return `Das Blatt «${blatt}» ist mit einem Kennwort geschützt. Heben Sie den Schutz auf (Überprüfen > Blattschutz aufheben) und wiederholen Sie den Befehl.`;
}

/** «1 Datei», «3 Dateien». */
export function anzahl(zahl, einzahl, mehrzahl) {
  return `${zahl} ${zahl === 1 ? einzahl : mehrzahl}`;
}

export function groesse(bytes) {
  if (bytes < 1024) return `${bytes} Byte`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Filter of the board: what needs somebody comes first. A state that is not named here comes last but stays visible. */
export const STATUS_FOLGE = [
  "fehlerhaft",
  "Rückfrage offen",
  "fehlt",
  "angenommen mit Hinweisen",
  "angenommen",
  "durch Leitgemeinde",
  "noch nicht fällig",
  "erledigt",
  "ersetzt",
];
export const STUFEN = ["Fehler", "Rückfrage", "Hinweis"];

/** What is asked once more before it is done; empty: nothing to ask. */
export function rueckfrage(name, angaben) {
  if (name === "finanz_export") {
    return `Sie übergeben den Lauf ${angaben.lauf} an die Finanzen. Die Übergabe wird festgehalten.`;
  }
  if (name !== "lauf_freigeben") return "";
  return angaben.schritt === "freigeben"
    ? `Sie geben den Lauf ${angaben.lauf} zur Zahlung frei. Danach ändert er sich nie mehr.`
    : `Sie bereiten den Lauf ${angaben.lauf} vor und setzen das erste Visum. Freigeben muss ihn danach eine andere Person.`;
}
