// story_questions.mjs - questions that are answered with a photo and with an agency, without JavaScript: on a phone, at the
// counter, in the dossier. Run: node tests/browser/story_questions.mjs [SHOTS=dir]
import { join } from 'node:path';
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, sign_in, top } from './lib.mjs';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
const photo = (name) => ({ name, mimeType: 'image/png', buffer: Buffer.concat([png, Buffer.from(name)]) });
const words = { name: 'ghi-chu.txt', mimeType: 'text/plain', buffer: Buffer.from('chỉ là chữ') };
const text = (page) => page.locator('main').innerText();
const next = (page) => page.click('main form .govuk-button-group button:first-child');

const node = await node_start({ undo: 0 });
const browser = await browser_start();
try {
  await node.offline(async (run) => run('pack', 'publish', join(top, 'tests/packs/questions')));
  const phone = await page_new(browser, node.url);
  await sign_in(phone, '083195000000');
  let draft = '', path = '';

  await step('a page asks for a photo beside a text; what is no photo is told, and the text stays', async () => {
    await phone.goto('/service/questions/start?area=H07.21');
    await phone.check('input[name=unit][value="H07.21"]', { force: true });
    await phone.click('form[method=post] button:has-text("Bắt đầu")');
    draft = new URL(phone.url()).pathname;
    await phone.click('.govuk-task-list__link >> nth=0');
    await phone.check('input[value=leans]', { force: true });
    await next(phone);
    await phone.fill('[name="a.tree.kind"]', 'phượng');
    await next(phone);
    check(/Chọn tệp cho mục ảnh cây/.test(await text(phone)), 'nothing chosen: the error says what to choose');
    await page_check(phone, 'file missing at 375');
    await phone.setInputFiles('#a-tree-photo', words);
    await next(phone);
    check(/không phải là ảnh hoặc PDF/.test(await text(phone)), 'a text file is refused beside its question');
    check(await phone.inputValue('[name="a.tree.kind"]') === 'phượng', 'what was typed beside it stays');
    await shot(phone, 'file-refused-375');
  });

  await step('a photo is kept: its name and size stand there on return, and it can be changed or removed', async () => {
    await phone.setInputFiles('#a-tree-photo', photo('cay-nghieng.png'));
    await next(phone);
    check(/\/page\/scene$/.test(phone.url()), 'on to the next question');
    await phone.goto(`${draft}/page/tree`);
    check(/Tệp đã gửi: cay-nghieng\.png 1 KB/.test((await text(phone)).replace(/\s+/g, ' ')), 'the file is named');
    await page_check(phone, 'file given at 375');
    await shot(phone, 'file-given-375');
    await next(phone);
    check(/\/page\/scene$/.test(phone.url()), 'choosing nothing keeps it');
    await phone.goto(`${draft}/page/tree`);
    await phone.click('button[name=drop]');
    check(!/Tệp đã gửi/.test(await text(phone)), 'removed');
    await phone.setInputFiles('#a-tree-photo', photo('cay-1.png'));
    await next(phone);
    await phone.goto(`${draft}/page/tree`);
    await phone.setInputFiles('#a-tree-photo', photo('cay-2.png'));
    await next(phone);
    await phone.goto(`${draft}/page/tree`);
    const said = await text(phone);
    check(said.includes('cay-2.png') && !said.includes('cay-1.png'), 'another one takes its place');
    await phone.goto(`${draft}/page/scene`);
    await page_check(phone, 'one optional file at 375');
    await shot(phone, 'file-lone-375');
    await next(phone);
  });

  await step('an agency is chosen from a list by the agency above, which an earlier answer narrows', async () => {
    check(await phone.locator('select option').count() > 2 && await phone.locator('select optgroup').count() >= 1, 'grouped');
    await page_check(phone, 'agencies at 375');
    await shot(phone, 'unit-375');
    await phone.selectOption('select', 'H07.21');
    await next(phone);
    const codes = await phone.locator('select option').evaluateAll((all) => all.map((o) => o.value).filter(Boolean));
    check(codes.length > 0 && codes.every((c) => c.startsWith('H07.21.')), `only below it: ${codes.length}`);
    await shot(phone, 'unit-under-375');
    await next(phone);
    check(/Chọn|Trả lời/.test(await phone.locator('.govuk-error-summary').innerText()), 'nothing chosen is told');
    await phone.selectOption('select', codes[0]);
    await next(phone);
  });

  await step('the check shows file and agency by name; filed, the dossier gives the file back', async () => {
    await phone.goto(`${draft}/check`);
    const said = await text(phone);
    check(said.includes('cay-2.png') && /Xã|Phường|Thị trấn/.test(said), 'names, not codes and digests');
    check(!/[0-9a-f]{64}/.test(said), 'no digest is shown');
    await page_check(phone, 'check at 375');
    await shot(phone, 'check-375');
    await phone.click('form[action$="/submit"] button');
    await phone.goto('/me');
    path = await phone.locator('.mc-row__title[href^="/dossier/"]').first().getAttribute('href');
    await phone.goto(path);
    await phone.locator('.govuk-details__summary').last().click();
    const href = await phone.locator('.mc-answers a:has-text("cay-2.png")').getAttribute('href');
    const r = await phone.request.get(href);
    check(r.ok() && (await r.body()).equals(photo('cay-2.png').buffer), 'the same bytes');
    await page_check(phone, 'dossier at 375');
    await shot(phone, 'dossier-375');
  });

  await step('the officer reads it in the dossier, asks for a better one, and the citizen sends it from the same question', async () => {
    const desk = await page_new(browser, node.url, { width: 1440, height: 900 });
    await sign_in(desk, 'reception.h07.21');
    const act = async (page, id, inputs = {}) => {
      const box = page.locator(`#act-${id}`);
      if ((await box.getAttribute('open')) === null) await box.locator('summary').click();
      for (const [name, value] of Object.entries(inputs)) await box.locator(`[name="${name}"]`).first().fill(value);
      await box.locator('button').last().click();
    };
    await desk.goto(`/desk/dossier/${path.split('/').pop()}`);
    await act(desk, 'accept');
    const spec = await page_new(browser, node.url, { width: 1440, height: 900 });
    await sign_in(spec, 'specialist.h07.21');
    await phone.goto(path);
    const code = (await text(phone)).match(/H07\.21-\d{6}-\d{4}/)[0];
    await spec.goto(`/desk/dossier/${code}`);
    const link = spec.locator('a:has-text("cay-2.png")').first();
    check((await spec.request.get(await link.getAttribute('href'))).ok(), 'the photo opens from the answer');
    await page_check(spec, 'desk dossier at 1440');
    await shot(spec, 'desk-1440');
    await act(spec, 'supplement', { reason: 'ảnh mờ', items: 'Ảnh cây' });
    await phone.goto(`/dossier/${code}/act/resubmit`);
    await phone.locator('.govuk-details__summary').first().click();
    await page_check(phone, 'supplement at 375');
    await shot(phone, 'supplement-375');
    await phone.setInputFiles('#a-tree-photo', words);
    await phone.click('main form .govuk-button-group button');
    check(/không phải là ảnh hoặc PDF/.test(await text(phone)), 'what is no photo is refused there, too');
    await phone.locator('.govuk-details').first().evaluate((e) => { e.open = true; });
    await phone.setInputFiles('#a-tree-photo', photo('cay-3.png'));
    await phone.click('main form .govuk-button-group button');
    await spec.goto(`/desk/dossier/${code}`);
    check((await text(spec)).includes('cay-3.png'), 'the answer in force is the new photo');
    await spec.context().close();
    await desk.context().close();
  });

  await step('at the counter the same questions stand on one page', async () => {
    const desk = await page_new(browser, node.url, { width: 1440, height: 900 });
    await sign_in(desk, 'reception.h07.21');
    await desk.goto('/desk/intake');
    await desk.selectOption('[name=service]', 'questions');
    await desk.fill('[name=number]', '083195000000');
    await desk.locator('main form button').last().click();
    if (!/\/desk\/intake\/./.test(desk.url())) await desk.locator('main form button').last().click();
    await desk.check('input[value=leans]', { force: true });
    await desk.click('.govuk-button-group button:has-text("Lưu")');
    await desk.setInputFiles('#a-tree-photo', words);
    await desk.click('button[name=submit]');
    check(/không phải là ảnh hoặc PDF/.test(await text(desk)), 'refused beside its question');
    await desk.setInputFiles('#a-tree-photo', photo('quay.png'));
    await desk.selectOption('[name="a.commune"]', 'H07.21.01');
    await desk.click('.govuk-button-group button:has-text("Lưu")');
    check((await text(desk)).includes('quay.png'), 'saved: the file is named');
    await page_check(desk, 'counter at 1440');
    await shot(desk, 'counter-1440');
    await desk.click('button[name=submit]');
    check(/\/desk\/intake\/filed\//.test(desk.url()), 'filed');
    await desk.context().close();
  });
} catch (e) {
  console.log(String(e.stack).split('\n').slice(0, 6).join('\n'));
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
