// Contrast of every visible text (WCAG 2.1): colour of the text against the first background behind it that covers.
() => {
  const kanal = (k) => (k / 255 <= 0.03928 ? k / 255 / 12.92 : ((k / 255 + 0.055) / 1.055) ** 2.4);
  const helligkeit = ([r, g, b]) => 0.2126 * kanal(r) + 0.7152 * kanal(g) + 0.0722 * kanal(b);
  const farbe = (text) => {
    const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const ueber = ([r, g, b, a], [r2, g2, b2]) => [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a)];

  function grund(element) {
    const schichten = [];
    for (let e = element; e; e = e.parentElement) {
      const f = farbe(getComputedStyle(e).backgroundColor);
      if (f[3] > 0) schichten.push(f);
      if (f[3] === 1) break;
    }
    return schichten.reduceRight((unten, oben) => ueber(oben, unten), [255, 255, 255]);
  }

  // Opacity of an element takes its text along.
  function deckung(element) {
    let alles = 1;
    for (let e = element; e; e = e.parentElement) alles *= Number(getComputedStyle(e).opacity);
    return alles;
  }

  const texte = [...document.querySelectorAll("#krs *")].filter(
    (e) =>
      e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !e.closest(".visually-hidden, :disabled") &&
      ([...e.childNodes].some((k) => k.nodeType === Node.TEXT_NODE && k.textContent.trim()) || e.matches("input, select")),
  );
  return texte.map((e) => {
    const hinten = grund(e);
    const schrift = farbe(getComputedStyle(e).color);
    const vorne = ueber([...schrift.slice(0, 3), schrift[3] * deckung(e)], hinten);
    const [hell, dunkel] = [helligkeit(vorne), helligkeit(hinten)].sort((a, b) => b - a);
    return { kontrast: Math.round(((hell + 0.05) / (dunkel + 0.05)) * 100) / 100, element: e.outerHTML.slice(0, 150) };
  });
};
