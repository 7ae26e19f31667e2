// What hangs on a sheet: page, frozen rows, protection, and collections that are always empty here.
function leere_sammlung(name) {
  return art(name, {
    elemente: { art: Ding, liste: () => [] },
    methoden: {
      getItemOrNullObject() {
        return new Leeres(this.context, () => null);
      },
      getCount() {
        return this._auskunft(() => 0);
      },
    },
  });
}

const Leeres = art("Nothing", {});
const Sammlung = { shapes: leere_sammlung("ShapeCollection"), charts: leere_sammlung("ChartCollection") };
Sammlung.pivotTables = leere_sammlung("PivotTableCollection");
Sammlung.notes = leere_sammlung("NoteCollection");
Sammlung.comments = leere_sammlung("CommentCollection");
const Flaechen = art("RangeAreas", {
  kinder: { areas: [() => Sammlung.shapes, () => null] },
  methoden: {
    clear(was = "All") {
      this._tue((blatt) => blatt.benutzt(false) && leeren(blatt.benutzt(false), was));
    },
  },
});
const Seite = art("PageLayout", {
  werte: { orientation: [(b) => b.ausrichtung || "Portrait", (b, wert) => (b.ausrichtung = wert)] },
  methoden: {
    getPrintAreaOrNullObject() {
      return new Flaechen(this.context, () => null);
    },
    setPrintArea() {
      this._tue(() => {});
    },
    setPrintTitleRows() {
      this._tue(() => {});
    },
  },
});
const Fixierung = art("WorksheetFreezePanes", {
  methoden: {
    freezeAt(bereich) {
      this._tue((blatt) => (blatt.fixiert = adresse_schreiben(bereich._ziel())));
    },
    freezeRows(anzahl) {
      this._tue((blatt) => (blatt.fixiert = `1:${anzahl}`));
    },
    unfreeze() {
      this._tue((blatt) => (blatt.fixiert = null));
    },
  },
});

function kennwort_verlangen(schutz, kennwort) {
  if (schutz?.kennwort && schutz.kennwort !== kennwort) {
    throw new OfficeFehler("AccessDenied", "The password you supplied is not correct.");
  }
}

function schutz_art(name) {
  return art(name, {
    werte: {
      protected: [(o) => o.schutz !== null],
      options: [(o) => o.schutz?.optionen || {}],
    },
    methoden: {
      protect(optionen, kennwort) {
        this._tue((o) => {
          if (o.schutz) throw new OfficeFehler("InvalidOperation", "It is protected already.");
          if (typeof optionen === "string") o.schutz = { kennwort: optionen, optionen: {} };
          else o.schutz = { kennwort: kennwort || null, optionen: optionen || {} };
        });
      },
      unprotect(kennwort) {
        this._tue((o) => {
          kennwort_verlangen(o.schutz, kennwort);
          o.schutz = null;
        });
      },
      checkPassword(kennwort) {
        return this._auskunft((o) => !o.schutz?.kennwort || o.schutz.kennwort === kennwort);
      },
    },
  });
}

const Blattschutz = schutz_art("WorksheetProtection");
const Mappenschutz = schutz_art("WorkbookProtection");
