// Classic script, loaded before the modules: the functions in the cells ask getAuth() as soon as Excel recalculates,
// which may be before the page knows how people sign on here. So they wait for that, once.
(() => {
  const SPEICHER = "krs.zugangscode";
  let fertig;
  const bereit = new Promise((los) => {
    fertig = los;
  });
  // The last way of signing on that the server named: "keine", "token" or "entra".
  let art = "";

  globalThis.krsAnmeldung = {
    setzeArt(neu) {
      art = neu;
      fertig();
    },
    // sessionStorage may be closed off in some web views; then the code lives as long as the page.
    code: "",
    lies() {
      try {
        return sessionStorage.getItem(SPEICHER) || this.code;
      } catch {
        return this.code;
      }
    },
    merke(code) {
      this.code = code;
      try {
        if (code) sessionStorage.setItem(SPEICHER, code);
        else sessionStorage.removeItem(SPEICHER);
      } catch {
        // Kept in memory above.
      }
    },
  };

  globalThis.getAuth = async () => {
    await bereit;
    if (art === "entra") {
      // Where Office refuses, xlwings gives back an English error text instead of a token: that is no token.
      const token = await globalThis.xlwings.getAccessToken();
      return { token: token?.startsWith("Bearer ") ? token : "", provider: "entraid" };
    }
    const code = art === "token" ? globalThis.krsAnmeldung.lies() : "";
    return { token: code ? `Bearer ${code}` : "", provider: "" };
  };
})();
