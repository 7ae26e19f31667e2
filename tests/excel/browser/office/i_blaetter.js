// Sheets: names, places, visibility.
function blattname_pruefen(name, ausser) {
  if (!name || name.length > 31 || /[[\]:*?/\\]/.test(name)) {
    throw new OfficeFehler("InvalidArgument", `'${name}' is not a name for a sheet.`);
  }
  const da = MODELL.mappe.blatt(name);
  if (da && da !== ausser) throw new OfficeFehler("ItemAlreadyExists", "A resource with the same name exists already.");
}

function blatt_umbenennen(blatt, name) {
  MODELL.mappe.verlange_umbau();
  blattname_pruefen(name, blatt);
  blatt.name = name;
}

function blatt_schieben(blatt, platz) {
  MODELL.mappe.verlange_umbau();
  const liste = MODELL.mappe.blaetter;
  liste.splice(liste.indexOf(blatt), 1);
  liste.splice(platz, 0, blatt);
}

function blatt_zeigen(blatt, wie) {
  MODELL.mappe.verlange_umbau();
  if (wie !== "Visible") verlange_anderes(blatt);
  blatt.sichtbar = wie;
  if (wie !== "Visible" && MODELL.mappe.aktiv === blatt) aktiviere(MODELL.mappe.blaetter.find((b) => b.sichtbar === "Visible"));
}

function verlange_anderes(blatt) {
  if (!MODELL.mappe.blaetter.some((b) => b !== blatt && b.sichtbar === "Visible")) {
    throw new OfficeFehler("InvalidOperation", "A workbook must contain at least one visible sheet.");
  }
}

function blatt_loeschen(blatt) {
  MODELL.mappe.verlange_umbau();
  if (blatt.sichtbar === "VeryHidden") throw new OfficeFehler("InvalidOperation", "A very hidden sheet cannot be deleted.");
  verlange_anderes(blatt);
  const liste = MODELL.mappe.blaetter;
  liste.splice(liste.indexOf(blatt), 1);
  if (MODELL.mappe.aktiv === blatt) aktiviere(liste.find((b) => b.sichtbar === "Visible"));
  blatt.geloescht = true;
  melde("onDeleted", blatt, {});
}

const Arbeitsblatt = art("Worksheet", {
  werte: {
    id: [(b) => b.id],
    name: [(b) => b.name, blatt_umbenennen],
    position: [(b) => MODELL.mappe.blaetter.indexOf(b), blatt_schieben],
    visibility: [(b) => b.sichtbar, blatt_zeigen],
    showGridlines: [(b) => b.gitter, (b, wert) => (b.gitter = wert)],
    tabColor: [(b) => b.reiter || "", (b, wert) => (b.reiter = wert)],
  },
  kinder: {
    names: [() => Namen, (b) => b.namen],
    tables: [() => Tabellen, (b) => ({ liste: b.tabellen, blatt: b })],
    protection: [() => Blattschutz, (b) => b],
    pageLayout: [() => Seite, (b) => b],
    freezePanes: [() => Fixierung, (b) => b],
    ...Object.fromEntries(Object.keys(Sammlung).map((k) => [k, [() => Sammlung[k], (b) => b]])),
  },
  ereignisse: Object.fromEntries(
    ["onChanged", "onSelectionChanged", "onCalculated", "onActivated", "onDeactivated"].map((n) => [n, (b) => b]),
  ),
  methoden: {
    activate() {
      this._tue(aktiviere);
    },
    delete() {
      this._tue(blatt_loeschen);
    },
    calculate() {
      this._tue(() => {});
    },
    getRange(adresse) {
      return new Bereich(this.context, () => {
        const blatt = this._ziel();
        if (adresse === undefined) return { blatt, z: 0, s: 0, zeilen: ZEILEN_HOECHSTENS, spalten: SPALTEN_HOECHSTENS };
        const b = MODELL.mappe.bereich(adresse, blatt);
        if (!b) throw new OfficeFehler("InvalidArgument", "The argument is invalid or missing or has an incorrect format.");
        return b;
      });
    },
    getRangeByIndexes(z, s, zeilen, spalten) {
      return new Bereich(this.context, () => ({ blatt: this._ziel(), z, s, zeilen, spalten }));
    },
    getCell(z, s) {
      return this.getRangeByIndexes(z, s, 1, 1);
    },
    getRanges() {
      return new Flaechen(this.context, () => this._ziel());
    },
    getUsedRange(nur_werte) {
      const eine = () => ({ blatt: this._ziel(), z: 0, s: 0, zeilen: 1, spalten: 1 });
      return new Bereich(this.context, () => this._ziel().benutzt(nur_werte) || eine());
    },
    getUsedRangeOrNullObject(nur_werte) {
      return new Bereich(this.context, () => this._ziel()?.benutzt(nur_werte));
    },
  },
});

const Arbeitsblaetter = art("WorksheetCollection", {
  elemente: { art: Arbeitsblatt, liste: (m) => m.blaetter },
  ereignisse: Object.fromEntries(
    ["onChanged", "onSelectionChanged", "onCalculated", "onActivated", "onDeactivated", "onAdded", "onDeleted"].map((n) => [
      n,
      () => null,
    ]),
  ),
  methoden: {
    getItem(name) {
      return new Arbeitsblatt(this.context, () => verlange(this._ziel().blatt(name), name));
    },
    getItemOrNullObject(name) {
      return new Arbeitsblatt(this.context, () => this._ziel().blatt(name));
    },
    getActiveWorksheet() {
      return new Arbeitsblatt(this.context, () => this._ziel().aktiv);
    },
    getFirst() {
      return new Arbeitsblatt(this.context, () => this._ziel().blaetter[0]);
    },
    getCount() {
      return this._auskunft((m) => m.blaetter.length);
    },
    add(name) {
      return new Arbeitsblatt(this.context, () => {
        const mappe = this._ziel();
        mappe.verlange_umbau();
        let nr = mappe.blaetter.length + 1;
        while (!name && mappe.blatt(`Tabelle${nr}`)) nr += 1;
        blattname_pruefen(name ?? `Tabelle${nr}`, null);
        const blatt = new Blatt(mappe, name ?? `Tabelle${nr}`);
        mappe.blaetter.push(blatt);
        melde("onAdded", blatt, {});
        return blatt;
      });
    },
  },
});
