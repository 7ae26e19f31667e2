// The globals that office.js makes, and `krsMappe`: what a test looks into.
const knoepfe = new Map();
const MODELL = {
  mappe: new Mappe(globalThis.KRS_MAPPE || { name: "Mappe1.xlsx", blaetter: [{ name: "Tabelle1" }] }),
  rechenweise: "Automatic",
  neue_mappen: [],
  gespeichert: 0,
  dialoge: [],
  einstellungen: {},
  verweigert: globalThis.KRS_VERWEIGERT || [], // calls and requirement sets this Excel does not know
  bearbeitung: false, // someone is typing in a cell
  syncs: 0,
  marke: globalThis.KRS_ENTRA || null, // what the sign-on of Office gives
};

const bereit = { host: "Excel", platform: "OfficeOnline" };
const Office = {
  HostType: { Excel: "Excel" },
  PlatformType: { PC: "PC", OfficeOnline: "OfficeOnline", Mac: "Mac" },
  AsyncResultStatus: { Succeeded: "succeeded", Failed: "failed" },
  EventType: { DialogMessageReceived: "dialogMessageReceived", DialogEventReceived: "dialogEventReceived" },
  StartupBehavior: { none: "None", load: "Load" },
  VisibilityMode: { hidden: "Hidden", taskpane: "Taskpane" },
  context: {
    ...bereit,
    displayLanguage: "de-CH",
    contentLanguage: "de-CH",
    diagnostics: { ...bereit, version: "16.0.20308.15050" },
    requirements: { isSetSupported: (name, version) => !MODELL.verweigert.some((v) => v === name || v === `${name} ${version}`) },
    document: { url: "https://example.invalid/Mappe1.xlsx", settings: einstellungen_der_mappe() },
    ui: {
      displayDialogAsync(url, optionen, rueckruf) {
        MODELL.dialoge.push(url);
        (rueckruf || optionen)?.({ status: "succeeded", value: { addEventHandler() {}, close() {} } });
      },
      openBrowserWindow: (url) => MODELL.dialoge.push(url),
    },
  },
  onReady: (rufe) => Promise.resolve(bereit).then((x) => (rufe?.(x), x)),
  actions: { associate: (id, rufe) => knoepfe.set(id, rufe) },
  addin: {
    showAsTaskpane: async () => {},
    hide: async () => {},
    setStartupBehavior: async () => {},
    getStartupBehavior: async () => "None",
    onVisibilityModeChanged: async () => async () => {},
  },
  ribbon: { requestUpdate: async () => {} },
  auth: { getAccessToken: marke_holen },
};

function einstellungen_der_mappe() {
  const inhalt = {};
  return {
    get: (name) => inhalt[name] ?? null,
    set: (name, wert) => (inhalt[name] = wert),
    remove: (name) => delete inhalt[name],
    saveAsync: (rueckruf) => rueckruf?.({ status: "succeeded" }),
  };
}

async function marke_holen() {
  if (MODELL.marke) return MODELL.marke;
  throw Object.assign(new Error("The user isn't signed into Office."), { code: 13001 });
}

const CustomFunctions = {
  associate(name, js) {
    const eintraege = typeof name === "string" ? [[name, js]] : Object.entries(name);
    for (const [id, f] of eintraege) funktionen.set(id.toUpperCase(), f);
  },
  Error: Zellfehler,
  ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A", divisionByZero: "#DIV/0!", invalidNumber: "#NUM!", nullReference: "#NULL!", invalidName: "#NAME?", invalidReference: "#REF!" },
};

const krsMappe = {
  MODELL,
  lade(daten) {
    MODELL.mappe = new Mappe(daten);
    rechne_fehlende();
  },
  // Typing by hand: a locked cell refuses.
  tippe(ort, wert) {
    const b = MODELL.mappe.bereich(ort, MODELL.mappe.aktiv);
    werte_setzen(b, Array.isArray(wert) ? wert : [[wert]]);
    nach_der_aenderung();
  },
  zelle(ort) {
    const b = MODELL.mappe.bereich(ort, MODELL.mappe.aktiv);
    const z = b.blatt.finde(b.z, b.s) || new Zelle();
    return { wert: z.wert, formel: z.formel, fehler: z.fehler, format: z.format };
  },
  werte(ort) {
    return matrix(MODELL.mappe.bereich(ort, MODELL.mappe.aktiv), (z) => z?.wert ?? "");
  },
  blaetter: () => MODELL.mappe.blaetter.map((b) => b.name),
  inhalt(name) {
    const benutzt = MODELL.mappe.blatt(name).benutzt(true);
    return benutzt ? matrix(benutzt, (z) => z?.wert ?? "") : [];
  },
  formeln(name) {
    const gefunden = {};
    const blatt = MODELL.mappe.blatt(name);
    for (const [nummer, z] of blatt.zellen) {
      const ort = { z: Math.floor(nummer / SPALTEN_HOECHSTENS), s: nummer % SPALTEN_HOECHSTENS, zeilen: 1, spalten: 1 };
      if (z.formel) gefunden[adresse_schreiben(ort)] = z.formel;
    }
    return gefunden;
  },
  auswahl: () => mit_blatt(MODELL.mappe.auswahl.blatt.name, adresse_schreiben(MODELL.mappe.auswahl)),
  geschuetzt: (name) => MODELL.mappe.blatt(name).schutz !== null,
  funktionen: () => [...funktionen.keys()].sort(),
  knoepfe: () => [...knoepfe.keys()].sort(),
  druecke: (id) => new Promise((fertig) => knoepfe.get(id)({ completed: fertig, source: { id } })),
  // Done when no function is being computed any more.
  ruhig: () => (offen ? new Promise((weiter) => warteschlange.push(weiter)) : Promise.resolve()),
};

Object.assign(globalThis, { Office, Excel, CustomFunctions, krsMappe });
rechne_fehlende();
globalThis.OfficeExtension = { Error: OfficeFehler };
globalThis.OfficeRuntime = { auth: Office.auth, storage: { getItem: async () => null, setItem: async () => {} } };
