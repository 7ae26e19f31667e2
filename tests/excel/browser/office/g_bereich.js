// Ranges and their format.
function gestalte(b, feld, wert) {
  if (b.blatt.schutz && !b.blatt.schutz.optionen?.allowFormatCells) b.blatt.verlange_schreibbar(kleiner(b) || b);
  b.blatt.gestaltung.push({ ...b, feld, wert });
}

function gestalt(b, feld, sonst) {
  const deckt = (g) => g.z <= b.z && g.s <= b.s && g.z + g.zeilen >= b.z + b.zeilen && g.s + g.spalten >= b.s + b.spalten;
  return b.blatt.gestaltung.findLast((g) => g.feld === feld && deckt(g))?.wert ?? sonst;
}

function gestaltete(...felder) {
  return Object.fromEntries(
    felder.map(([name, schluessel, sonst]) => [
      name,
      [(b) => gestalt(b, schluessel, sonst), (b, wert) => gestalte(b, schluessel, wert)],
    ]),
  );
}

const Schrift = art("RangeFont", {
  werte: gestaltete(
    ["bold", "bold", false],
    ["italic", "italic", false],
    ["underline", "underline", "None"],
    ["size", "size", 11],
    ["color", "schriftfarbe", "#000000"],
    ["name", "schrift", "Arial"],
  ),
});
const Fuellung = art("RangeFill", {
  werte: gestaltete(["color", "fuellung", "#FFFFFF"]),
  methoden: {
    clear() {
      this._tue((b) => gestalte(b, "fuellung", "#FFFFFF"));
    },
  },
});
const Rahmenlinie = art("RangeBorder", {
  werte: {
    ...gestaltete(["style", "rahmen", "None"], ["weight", "rahmenstaerke", "Thin"], ["color", "rahmenfarbe", "#000000"]),
    sideIndex: [(b) => b.seite],
  },
});
const Rahmen = art("RangeBorderCollection", {
  elemente: { art: Rahmenlinie, liste: (b) => ["EdgeTop", "EdgeBottom", "EdgeLeft", "EdgeRight"].map((seite) => ({ ...b, seite })) },
  methoden: {
    getItem(seite) {
      return new Rahmenlinie(this.context, () => ({ ...this._ziel(), seite }));
    },
  },
});
const Zellschutz = art("FormatProtection", {
  werte: {
    locked: [
      (b) => {
        const alle = matrix(b, (z) => z?.gesperrt ?? true).flat();
        return alle.every((x) => x === alle[0]) ? alle[0] : null;
      },
      (b, wert) => {
        if (b.blatt.schutz) throw new OfficeFehler("AccessDenied", "The sheet is protected.");
        for (const [z, s] of orte(kleiner(b) || b)) b.blatt.hole(z, s).gesperrt = wert;
      },
    ],
    formulaHidden: [() => false, () => {}],
  },
});
const Gestalt = art("RangeFormat", {
  werte: gestaltete(
    ["columnWidth", "breite", 64],
    ["rowHeight", "hoehe", 15],
    ["wrapText", "umbruch", false],
    ["horizontalAlignment", "waagrecht", "General"],
    ["verticalAlignment", "senkrecht", "Bottom"],
    ["indentLevel", "einzug", 0],
  ),
  kinder: {
    font: [() => Schrift, (b) => b],
    fill: [() => Fuellung, (b) => b],
    borders: [() => Rahmen, (b) => b],
    protection: [() => Zellschutz, (b) => b],
  },
  methoden: {
    autofitColumns() {
      this._tue((b) => gestalte(b, "breite_angepasst", true));
    },
    autofitRows() {
      this._tue((b) => gestalte(b, "hoehe_angepasst", true));
    },
    adjustIndent() {
      this._tue(() => {});
    },
  },
});

function weiter(ding, finde) {
  return new Bereich(ding.context, () => finde(ding._ziel()));
}

function zahl(lies) {
  return [(b) => lies(b)];
}

const Bereich = art("Range", {
  werte: {
    address: [(b) => mit_blatt(b.blatt.name, adresse_schreiben(b))],
    rowIndex: zahl((b) => b.z),
    columnIndex: zahl((b) => b.s),
    rowCount: zahl((b) => b.zeilen),
    columnCount: zahl((b) => b.spalten),
    cellCount: zahl((b) => b.zeilen * b.spalten),
    left: zahl((b) => b.s * 64),
    top: zahl((b) => b.z * 15),
    values: [(b) => matrix(b, (z) => z?.wert ?? ""), werte_setzen],
    text: [(b) => matrix(b, (z) => String(z?.wert ?? ""))],
    formulas: [(b) => matrix(b, (z) => z?.formel ?? z?.wert ?? ""), werte_setzen],
    numberFormat: [(b) => matrix(b, (z) => z?.format ?? "General"), formate_setzen],
    valueTypes: [(b) => matrix(b, (z) => (z ? typ_von(z) : "Empty"))],
    rowHidden: [(b) => gestalt(b, "zeile_versteckt", false), (b, wert) => gestalte(b, "zeile_versteckt", wert)],
    columnHidden: [(b) => gestalt(b, "spalte_versteckt", false), (b, wert) => gestalte(b, "spalte_versteckt", wert)],
    hyperlink: [(b) => gestalt(b, "verweis", null), (b, wert) => gestalte(b, "verweis", wert)],
  },
  kinder: { format: [() => Gestalt, (b) => b], worksheet: [() => Arbeitsblatt, (b) => b.blatt] },
  methoden: {
    getCell(z, s) {
      return weiter(this, (b) => ({ ...b, z: b.z + z, s: b.s + s, zeilen: 1, spalten: 1 }));
    },
    getOffsetRange(z, s) {
      return weiter(this, (b) => ({ ...b, z: b.z + z, s: b.s + s }));
    },
    getResizedRange(z, s) {
      return weiter(this, (b) => ({ ...b, zeilen: b.zeilen + z, spalten: b.spalten + s }));
    },
    getAbsoluteResizedRange(zeilen, spalten) {
      return weiter(this, (b) => ({ ...b, zeilen, spalten }));
    },
    getRow(z) {
      return weiter(this, (b) => ({ ...b, z: b.z + z, zeilen: 1 }));
    },
    getColumn(s) {
      return weiter(this, (b) => ({ ...b, s: b.s + s, spalten: 1 }));
    },
    getLastRow() {
      return weiter(this, (b) => ({ ...b, z: b.z + b.zeilen - 1, zeilen: 1 }));
    },
    getEntireRow() {
      return weiter(this, (b) => ({ ...b, s: 0, spalten: SPALTEN_HOECHSTENS }));
    },
    getEntireColumn() {
      return weiter(this, (b) => ({ ...b, z: 0, zeilen: ZEILEN_HOECHSTENS }));
    },
    getSurroundingRegion() {
      return weiter(this, (b) => b.blatt.benutzt(true) || b);
    },
    getUsedRangeOrNullObject(nur_werte) {
      return weiter(this, (b) => b.blatt.benutzt(nur_werte));
    },
    getTables() {
      const woher = () => this._ziel();
      return new Tabellen(this.context, () => ({ liste: woher().blatt.tabellen.filter((t) => trifft(t.bereich, woher())) }));
    },
    select() {
      this._tue(waehle);
    },
    clear(was = "All") {
      this._tue((b) => leeren(b, was));
    },
    calculate() {
      this._tue(geaendert);
    },
    copyFrom(quelle) {
      this._tue((b) => {
        const von = typeof quelle === "string" ? MODELL.mappe.bereich(quelle, b.blatt) : quelle._ziel();
        const formeln = matrix(von, (z) => z?.formel ?? z?.wert ?? "");
        werte_setzen({ ...b, zeilen: von.zeilen, spalten: von.spalten }, formeln);
      });
    },
    merge() {
      this._tue((b) => gestalte(b, "verbunden", true));
    },
    unmerge() {
      this._tue((b) => gestalte(b, "verbunden", false));
    },
  },
});

function typ_von(zelle) {
  if (zelle.fehler !== null) return "Error";
  if (zelle.wert === "") return "Empty";
  return { number: "Double", boolean: "Boolean", string: "String" }[typeof zelle.wert];
}

function waehle(b) {
  if (b.blatt.sichtbar !== "Visible") throw new OfficeFehler("InvalidOperation", "A hidden sheet cannot be selected.");
  aktiviere(b.blatt);
  MODELL.mappe.auswahl = b;
  melde("onSelectionChanged", b.blatt, { address: adresse_schreiben(b) });
}

function aktiviere(blatt) {
  if (blatt.sichtbar !== "Visible") throw new OfficeFehler("InvalidOperation", "A hidden sheet cannot be activated.");
  if (MODELL.mappe.aktiv === blatt) return;
  MODELL.mappe.aktiv = blatt;
  MODELL.mappe.auswahl = { blatt, z: 0, s: 0, zeilen: 1, spalten: 1 };
  melde("onActivated", blatt, {});
}
