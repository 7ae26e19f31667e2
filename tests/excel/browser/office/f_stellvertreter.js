// Proxies as in Office.js: nothing is known before load() and sync(), everything happens in the order of the queue.
const horcher = [];

function melde(ereignis, blatt, daten) {
  for (const h of [...horcher]) {
    if (h.ereignis !== ereignis || (h.blatt && h.blatt !== blatt)) continue;
    setTimeout(() => h.rufe({ worksheetId: blatt?.id, type: ereignis, source: "Local", ...daten }), 0);
  }
}

function pfadliste(was) {
  if (was === undefined) return [];
  if (Array.isArray(was)) return was.flatMap(pfadliste);
  if (typeof was === "object") return Object.keys(was).filter((k) => was[k]);
  return String(was)
    .split(",")
    .map((p) => p.trim())
    .filter(Boolean);
}

class Ding {
  constructor(context, finde) {
    this.context = context;
    this._finde = finde;
    this._werte = {};
    this._kinder = {};
    this._gesehen = false;
    context._schlange.push(() => {
      this._ziel();
      this._gesehen = true;
    });
  }

  _ziel() {
    if (this._objekt === undefined) this._objekt = this._finde() ?? null;
    if (this._objekt?.geloescht) throw new OfficeFehler("ItemNotFound", "The requested resource doesn't exist.");
    return this._objekt;
  }

  get isNullObject() {
    if (!this._gesehen) throw nicht_geladen("isNullObject");
    return this._objekt === null;
  }

  load(was) {
    const pfade = pfadliste(was);
    this.context._schlange.push(() => this._laden(pfade));
    return this;
  }

  set(werte) {
    for (const [name, wert] of Object.entries(werte)) {
      if (this.constructor.plan.kinder?.[name]) this[name].set(wert);
      else this[name] = wert;
    }
  }

  track() {
    return this;
  }

  untrack() {
    return this;
  }

  _tue(schritt) {
    this.context._schlange.push(() => {
      const objekt = this._ziel();
      if (objekt === null) throw new OfficeFehler("InvalidObjectPath", "The object is null.");
      schritt(objekt);
    });
  }

  _auskunft(frage) {
    const antwort = new Auskunft();
    this._tue((o) => antwort._setze(frage(o)));
    return antwort;
  }

  _laden(pfade) {
    const objekt = this._ziel();
    this._gesehen = true;
    if (objekt === null) return;
    const { werte = {}, kinder = {}, elemente } = this.constructor.plan;
    if (elemente) return this._elemente_laden(objekt, pfade, elemente);
    const alle = pfade.length ? pfade : Object.keys(werte);
    for (const pfad of alle) {
      const [name, ...rest] = pfad.split("/");
      if (werte[name]) this._werte[name] = werte[name][0](objekt);
      else if (kinder[name]) this[name]._laden(rest.length ? [rest.join("/")] : []);
      else if (!this.constructor.plan.geduldet?.includes(name)) {
        throw new OfficeFehler("InvalidArgument", `The property '${name}' of ${this.constructor.name} doesn't exist.`);
      }
    }
  }

  _elemente_laden(objekt, pfade, elemente) {
    const teile = pfade.map((p) => p.replace(/^items(\/|$)/, "")).filter(Boolean);
    this._elemente = elemente.liste(objekt).map((e) => {
      const ding = new elemente.art(this.context, () => e);
      ding._laden(teile);
      return ding;
    });
  }

  get items() {
    if (!this._elemente) throw nicht_geladen("items");
    return this._elemente;
  }
}

class Auskunft {
  _setze(wert) {
    this._wert = [wert];
  }

  get value() {
    if (!this._wert) throw nicht_geladen("value");
    return this._wert[0];
  }
}

function nicht_geladen(name) {
  const text = `The property '${name}' is not available. Before reading the property's value, call the load method on the containing object and call "context.sync()" on the associated request context.`;
  return new OfficeFehler("PropertyNotLoaded", text);
}

// plan: werte = {name: [lesen(objekt), schreiben(objekt, wert)?]}, kinder = {name: [Art, finde(objekt)]},
// methoden, elemente = {art, liste(objekt)}, ereignisse = {name: blatt_von(objekt)}.
function art(name, plan) {
  const klasse = { [name]: class extends Ding {} }[name];
  klasse.plan = plan;
  for (const [feld, [, schreiben]] of Object.entries(plan.werte || {})) {
    Object.defineProperty(klasse.prototype, feld, {
      get() {
        if (!(feld in this._werte)) throw nicht_geladen(feld);
        return this._werte[feld];
      },
      set(wert) {
        if (!schreiben) throw new OfficeFehler("InvalidOperation", `The property '${feld}' is read-only.`);
        this._werte[feld] = wert;
        this._tue((o) => schreiben(o, wert));
      },
    });
  }
  for (const [feld, [kind, finde]] of Object.entries(plan.kinder || {})) {
    Object.defineProperty(klasse.prototype, feld, {
      get() {
        const weiter = () => (this._ziel() === null ? null : finde(this._ziel()));
        return (this._kinder[feld] ??= new (kind())(this.context, weiter));
      },
    });
  }
  for (const [feld, blatt_von] of Object.entries(plan.ereignisse || {})) {
    Object.defineProperty(klasse.prototype, feld, {
      get() {
        return ereignis(this, feld, blatt_von);
      },
    });
  }
  Object.assign(klasse.prototype, plan.methoden || {});
  return klasse;
}

function ereignis(ding, name, blatt_von) {
  return {
    add(rufe) {
      const eintrag = { ereignis: name, rufe, blatt: undefined };
      ding._tue((o) => {
        eintrag.blatt = blatt_von(o);
        horcher.push(eintrag);
      });
      return {
        context: ding.context,
        remove() {
          ding.context._schlange.push(() => horcher.splice(horcher.indexOf(eintrag) >>> 0, 1));
        },
      };
    },
  };
}

function verlange(objekt, was) {
  if (!objekt) throw new OfficeFehler("ItemNotFound", `The requested resource doesn't exist (${was}).`);
  return objekt;
}
