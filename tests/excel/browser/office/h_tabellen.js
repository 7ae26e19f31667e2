// Tables and names.
function tabellenrumpf(t) {
  const [oben, unten] = [t.kopf ? 1 : 0, t.summe ? 1 : 0];
  return { ...t.bereich, z: t.bereich.z + oben, zeilen: Math.max(1, t.bereich.zeilen - oben - unten) };
}

function spaltennamen(t) {
  return matrix({ ...t.bereich, zeilen: 1 }, (z) => String(z?.wert ?? ""))[0];
}

const Filter = art("Filter", {
  methoden: {
    clear() {
      this._tue((s) => (s.tabelle.filter = s.tabelle.filter.filter((f) => f.spalte !== s.name)));
    },
    applyValuesFilter(werte) {
      this._tue((s) => s.tabelle.filter.push({ spalte: s.name, werte }));
    },
  },
});
const Spalte = art("TableColumn", {
  werte: { name: [(s) => s.name], index: [(s) => s.index], id: [(s) => s.index + 1] },
  kinder: { filter: [() => Filter, (s) => s] },
  methoden: {
    getDataBodyRange() {
      return new Bereich(this.context, () => {
        const { tabelle, index } = this._ziel();
        const rumpf = tabellenrumpf(tabelle);
        return { ...rumpf, s: rumpf.s + index, spalten: 1 };
      });
    },
  },
});

function spalten_von(t) {
  return spaltennamen(t).map((name, index) => ({ name, index, tabelle: t }));
}

const Spalten = art("TableColumnCollection", {
  elemente: { art: Spalte, liste: spalten_von },
  methoden: {
    getItem(name) {
      return new Spalte(this.context, () => verlange(spalten_von(this._ziel()).find((s) => s.name === name), name));
    },
    getItemOrNullObject(name) {
      return new Spalte(this.context, () => spalten_von(this._ziel()).find((s) => s.name === name));
    },
    getItemAt(nr) {
      return new Spalte(this.context, () => verlange(spalten_von(this._ziel())[nr], nr));
    },
  },
});
const Zeilen = art("TableRowCollection", { werte: { count: [(t) => tabellenrumpf(t).zeilen] } });

function schalter(feld) {
  return [(t) => t[feld] ?? true, (t, wert) => (t[feld] = wert)];
}

const Tabelle = art("Table", {
  geduldet: ["dataBodyRange"], // xlwings asks for it without reading it
  werte: {
    id: [(t) => t.name],
    name: [(t) => t.name, (t, wert) => tabelle_benennen(t, wert)],
    style: [(t) => t.stil, (t, wert) => (t.stil = wert)],
    showHeaders: schalter("kopf"),
    showTotals: [(t) => t.summe, (t, wert) => (t.summe = wert)],
    showFilterButton: schalter("filterknopf"),
    highlightFirstColumn: schalter("erste_spalte"),
    highlightLastColumn: schalter("letzte_spalte"),
    showBandedRows: schalter("zeilenbaender"),
    showBandedColumns: schalter("spaltenbaender"),
  },
  kinder: {
    columns: [() => Spalten, (t) => t],
    rows: [() => Zeilen, (t) => t],
    worksheet: [() => Arbeitsblatt, (t) => t.blatt],
  },
  methoden: {
    getRange() {
      return new Bereich(this.context, () => this._ziel().bereich);
    },
    getDataBodyRange() {
      return new Bereich(this.context, () => tabellenrumpf(this._ziel()));
    },
    getHeaderRowRange() {
      return new Bereich(this.context, () => ({ ...this._ziel().bereich, zeilen: 1 }));
    },
    clearFilters() {
      this._tue((t) => (t.filter = []));
    },
    resize(ziel) {
      this._tue((t) => (t.bereich = typeof ziel === "string" ? MODELL.mappe.bereich(ziel, t.blatt) : ziel._ziel()));
    },
    delete() {
      this._tue((t) => tabelle_weg(t));
    },
    convertToRange() {
      this._tue((t) => tabelle_weg(t));
    },
  },
});

function tabelle_benennen(t, name) {
  if (MODELL.mappe.tabelle(name)) throw new OfficeFehler("InvalidArgument", `A table named ${name} is there already.`);
  if (!/^[A-Za-zÄÖÜäöü_][\wÄÖÜäöü.]*$/.test(name)) throw new OfficeFehler("InvalidArgument", `${name} is no name.`);
  t.name = name;
}

function tabelle_weg(t) {
  t.blatt.tabellen.splice(t.blatt.tabellen.indexOf(t), 1);
  t.geloescht = true;
}

const Tabellen = art("TableCollection", {
  werte: { count: [(o) => o.liste.length] },
  elemente: { art: Tabelle, liste: (o) => o.liste },
  methoden: {
    getItem(name) {
      return new Tabelle(this.context, () => verlange(this._ziel().liste.find((t) => t.name === name), name));
    },
    getItemOrNullObject(name) {
      return new Tabelle(this.context, () => this._ziel().liste.find((t) => t.name === name));
    },
    getCount() {
      return this._auskunft((o) => o.liste.length);
    },
    add(ziel, kopf) {
      return new Tabelle(this.context, () => tabelle_anlegen(this._ziel().blatt, ziel, kopf));
    },
  },
});

function tabelle_anlegen(blatt, ziel, kopf) {
  const bereich = typeof ziel === "string" ? MODELL.mappe.bereich(ziel, blatt || MODELL.mappe.aktiv) : ziel._ziel();
  if (bereich.blatt.schutz) throw new OfficeFehler("AccessDenied", "The sheet is protected.");
  if (bereich.blatt.tabellen.some((t) => trifft(t.bereich, bereich))) {
    throw new OfficeFehler("InvalidArgument", "A table cannot overlap another table.");
  }
  let nr = 1;
  while (MODELL.mappe.tabelle(`Table${nr}`)) nr += 1;
  const neu = tabelle_aus(bereich.blatt, { name: `Table${nr}`, adresse: adresse_schreiben(bereich), kopf });
  bereich.blatt.tabellen.push(neu);
  return neu;
}

const Name = art("NamedItem", {
  werte: {
    name: [(n) => n.name],
    type: [(n) => (MODELL.mappe.bereich(n.formel, null) ? "Range" : "String")],
    formula: [(n) => n.formel, (n, wert) => (n.formel = wert)],
    value: [(n) => n.formel.replace(/^=/, "")],
    visible: [(n) => n.sichtbar, (n, wert) => (n.sichtbar = wert)],
    scope: [(n) => (n.blatt ? "Worksheet" : "Workbook")],
    comment: [() => "", () => {}],
  },
  methoden: {
    getRange() {
      return new Bereich(this.context, () => verlange(MODELL.mappe.bereich(this._ziel().formel, null), "range of a name"));
    },
    getRangeOrNullObject() {
      return new Bereich(this.context, () => this._ziel() && MODELL.mappe.bereich(this._ziel().formel, null));
    },
    delete() {
      this._tue((n) => {
        const liste = n.blatt ? MODELL.mappe.blatt(n.blatt).namen : MODELL.mappe.namen;
        liste.splice(liste.indexOf(n), 1);
      });
    },
  },
});
const Namen = art("NamedItemCollection", {
  elemente: { art: Name, liste: (liste) => liste },
  methoden: {
    getItem(name) {
      return new Name(this.context, () => verlange(this._ziel().find(gleich(name)), name));
    },
    getItemOrNullObject(name) {
      return new Name(this.context, () => this._ziel().find(gleich(name)));
    },
    getCount() {
      return this._auskunft((liste) => liste.length);
    },
    add(name, ziel) {
      return new Name(this.context, () => {
        const liste = this._ziel();
        if (liste.some(gleich(name))) throw new OfficeFehler("ItemAlreadyExists", `The name ${name} is there already.`);
        const b = typeof ziel === "string" ? null : ziel._ziel();
        const formel = b ? `=${mit_blatt(b.blatt.name, adresse_schreiben(b))}` : ziel;
        const blatt = MODELL.mappe.blaetter.find((x) => x.namen === liste)?.name ?? null;
        liste.push({ name, formel, sichtbar: true, blatt });
        return liste.at(-1);
      });
    },
  },
});

function gleich(name) {
  return (n) => n.name.toLowerCase() === String(name).toLowerCase();
}
