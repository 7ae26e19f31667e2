// The workbook, the application, and the queue that is worked off at sync().
const Zeitformat = art("DatetimeFormatInfo", {
  werte: { shortDatePattern: [() => "dd.MM.yyyy"], dateSeparator: [() => "."], longDatePattern: [() => "dddd, d. MMMM yyyy"] },
});
const Zahlformat = art("NumberFormatInfo", {
  werte: { numberDecimalSeparator: [() => "."], numberGroupSeparator: [() => "’"] },
});
const Kultur = art("CultureInfo", {
  werte: { name: [() => "de-CH"] },
  kinder: { datetimeFormat: [() => Zeitformat, (o) => o], numberFormat: [() => Zahlformat, (o) => o] },
});
const Anwendung = art("Application", {
  werte: {
    calculationMode: [() => MODELL.rechenweise, (_, wert) => (MODELL.rechenweise = wert)],
    calculationState: [() => (offen ? "Calculating" : "Done")],
  },
  kinder: { cultureInfo: [() => Kultur, (o) => o] },
  methoden: {
    calculate() {
      this._tue(() => MODELL.mappe.blaetter.map((b) => b.benutzt(true)).filter(Boolean).forEach(geaendert));
    },
    suspendScreenUpdatingUntilNextSync() {},
    suspendApiCalculationUntilNextSync() {},
  },
});
const Arbeitsmappe = art("Workbook", {
  werte: {
    name: [(m) => m.name],
    isDirty: [() => true],
    readOnly: [() => false],
    autoSave: [() => false],
  },
  kinder: {
    worksheets: [() => Arbeitsblaetter, (m) => m],
    names: [() => Namen, (m) => m.namen],
    tables: [() => Tabellen, (m) => ({ liste: m.blaetter.flatMap((b) => b.tabellen), blatt: null })],
    protection: [() => Mappenschutz, (m) => m],
    application: [() => Anwendung, (m) => m],
  },
  ereignisse: { onSelectionChanged: () => null, onActivated: () => null },
  methoden: {
    getSelectedRange() {
      return new Bereich(this.context, () => this._ziel().auswahl);
    },
    getActiveCell() {
      return new Bereich(this.context, () => ({ ...this._ziel().auswahl, zeilen: 1, spalten: 1 }));
    },
    save() {
      this._tue(() => {
        MODELL.gespeichert += 1;
      });
    },
  },
});

// Others get their turn at every sync(); a timer would wait 4 ms each time.
const kanal = new MessageChannel();
const wartende = [];
kanal.port1.onmessage = () => wartende.shift()();

function pause() {
  return new Promise((weiter) => {
    wartende.push(weiter);
    kanal.port2.postMessage(0);
  });
}

class Kontext {
  constructor() {
    this._schlange = [];
    this.trackedObjects = { add() {}, remove() {} };
    this.workbook = new Arbeitsmappe(this, () => MODELL.mappe);
  }

  get application() {
    return this.workbook.application;
  }

  // What stands before a failing step is done, what stands behind it is not: as in Excel.
  async sync(wert) {
    const schritte = this._schlange.splice(0);
    await pause();
    if (MODELL.bearbeitung) {
      throw new OfficeFehler("InvalidOperationInCellEditMode", "Excel is in cell-editing mode.");
    }
    MODELL.syncs += 1;
    try {
      for (const schritt of schritte) schritt();
      for (const schritt of this._schlange.splice(0)) schritt(); // children made while loading
    } finally {
      nach_der_aenderung();
    }
    return wert;
  }
}

const Excel = {
  RequestContext: Kontext,
  async run(...argumente) {
    const context = argumente.length > 1 && argumente[0] instanceof Kontext ? argumente[0] : new Kontext();
    const ergebnis = await argumente.at(-1)(context);
    await context.sync();
    return ergebnis;
  },
  async createWorkbook(base64) {
    if (MODELL.verweigert.includes("createWorkbook")) throw new OfficeFehler("GeneralException", "This is not supported.");
    MODELL.neue_mappen.push(base64 ?? "");
  },
  ClearApplyTo: { all: "All", contents: "Contents", formats: "Formats" },
  CalculationType: { full: "Full", fullRebuild: "FullRebuild", recalculate: "Recalculate" },
  CalculationMode: { automatic: "Automatic", manual: "Manual" },
  SheetVisibility: { visible: "Visible", hidden: "Hidden", veryHidden: "VeryHidden" },
  ShapeType: { image: "Image", geometricShape: "GeometricShape" },
  DeleteShiftDirection: { up: "Up", left: "Left" },
  InsertShiftDirection: { down: "Down", right: "Right" },
  SaveBehavior: { save: "Save", prompt: "Prompt" },
  GroupOption: { byRows: "ByRows", byColumns: "ByColumns" },
  ErrorCodes: {
    accessDenied: "AccessDenied",
    itemNotFound: "ItemNotFound",
    itemAlreadyExists: "ItemAlreadyExists",
    invalidArgument: "InvalidArgument",
    invalidOperationInCellEditMode: "InvalidOperationInCellEditMode",
  },
};
