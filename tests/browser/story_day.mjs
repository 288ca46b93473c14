// story_day.mjs - an officer's day without JavaScript: the morning's page, filters that stay in the address, one act on
// several dossiers, handing work over, the control slip on screen and on paper, the next dossier of the list, undoing.
// Run: node tests/browser/story_day.mjs [SHOTS=dir]
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, size_check, officer, password } from './lib.mjs';

const unit = 'h07.21.01', wide = { width: 1440, height: 900 }, narrow = { width: 375, height: 740 };
const citizen = '083195000000';
const petition = {
  kind: 'local', field: 'land', subject: 'Đèn đường hỏng', content: 'Đèn đường trước trường học hỏng đã một tuần, buổi tối rất tối.',
  proposal: 'Xin sửa đèn.', place: 'Trước trường học', identity: 'hidden', may_publish: true, confidential: false, declaration: true,
};

async function post(url, path, body, token) {
  const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const r = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });
  if (!r.ok) throw new Error(`${path} ${r.status}: ${(await r.text()).slice(0, 300)}`);
  return r.json();
}
async function filed(url, n) {
  const { token } = await post(url, '/api/v1/session', { login: citizen, password });
  const codes = [];
  for (let i = 0; i < n; i++) {
    const made = await post(url, '/api/v1/dossiers', { service: 'petition', unit: 'H07.21.01', answers: { ...petition, subject: `Đèn đường số ${i + 1}` } }, token);
    codes.push(made.code);
  }
  return codes;
}

async function sign_in_as(browser, url, login) {
  const page = await page_new(browser, url, wide);
  await page.goto('/login?to=%2Fdesk');
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('main form button');
  return page;
}
const where = (page) => new URL(page.url());
const text = (page, at = 'main') => page.locator(at).innerText();

/** Both widths: WCAG, nothing too wide, a picture. */
async function looked_at(page, name) {
  for (const [size, tag] of [[narrow, '375'], [wide, '1440']]) {
    await page.setViewportSize(size);
    await page_check(page, `${name} at ${tag}`);
    await shot(page, `${name}-${tag}`);
  }
}

const node = await node_start({ month: true });
const browser = await browser_start();
try {
  const reception = await sign_in_as(browser, node.url, `reception.${unit}`);
  const specialist = await sign_in_as(browser, node.url, `specialist.${unit}`);
  const leader = await sign_in_as(browser, node.url, `leader.${unit}`);
  const codes = await filed(node.url, 4);

  await step('the morning: what today needs, in words', async () => {
    for (const p of [specialist, leader, reception]) await p.goto('/desk');
    check(/Thứ|Chủ nhật/.test(await text(leader, '.mc-lead')), 'the day is named');
    check(await reception.locator('.mc-day__line').count() >= 1, 'lines with numbers');
    await looked_at(reception, 'day-morning');
    await looked_at(leader, 'day-leader');
  });

  await step('a line leads to the list that it counts', async () => {
    const line = reception.locator('.mc-day__line a[href*="box=free"]');
    const said = Number((await line.innerText()).replace(/\D+.*$/, '').replace(/\D/g, ''));
    await line.click();
    check(where(reception).pathname === '/desk/list', 'the list');
    const now = await text(reception, '.mc-tabs [aria-current] .mc-count');
    check(Number(now.replace(/\D/g, '')) === said, `the same number: ${said}, ${now}`);
  });

  await step('filters stay in the address and can be dropped one by one', async () => {
    await leader.goto('/desk/list?box=unit');
    await looked_at(leader, 'list');
    await leader.selectOption('#procedure', { index: 1 });
    await leader.fill('#from', '2020-01-01');
    await leader.fill('#to', '2099-12-31');
    await leader.click('.mc-filter button');
    const q = where(leader).searchParams;
    check(q.get('from') === '2020-01-01' && q.get('to') === '2099-12-31' && q.get('procedure'), 'in the address');
    check(await leader.locator('.mc-chips li').count() === 3, 'three filters are named');
    check(await leader.inputValue('#to') === '2099-12-31', 'and stand in their boxes');
    await looked_at(leader, 'list-filtered');
    const url = leader.url();
    await leader.locator('.mc-chips a[href]').first().click();
    check(await leader.locator('.mc-chips li').count() === 2, 'one fewer');
    await leader.goto(url);
    check(await leader.locator('.mc-chips li').count() === 3, 'the address alone brings all back');
    await leader.goto('/desk/list?box=unit&text=zzzz');
    check((await text(leader)).includes('zzzz') && await leader.locator('.mc-inbox').count() === 0, 'nothing found: said so');
    check((await leader.goto('/desk/list?from=2026-13-01')).status() === 422, 'no such day: refused');
  });

  await step('overdue is said in words, not by colour alone', async () => {
    await leader.goto('/desk/list?box=unit');
    const over = leader.locator('.mc-row--over');
    for (let i = 0; i < await over.count(); i++)
      check(/quá hạn/i.test(await over.nth(i).innerText()), 'the row says it');
    await leader.goto('/desk/list?box=late');
    await looked_at(leader, 'list-late');
  });

  await step('one act on several dossiers: each says what became of it', async () => {
    await reception.goto('/desk/list?box=free&text=T-');
    for (const code of codes.slice(0, 3)) await reception.check(`input[name=pick][value="${code}"]`);
    await reception.click('text=Xử lý các hồ sơ đã chọn');
    check(await reception.locator('.mc-picks input:checked').count() === 3, 'three are chosen');
    await looked_at(reception, 'bulk');
    await reception.click('button:has-text("Thực hiện")');
    check(await reception.locator('.govuk-error-summary').count() === 1, 'what to do must be said');
    const other = await officer(node.url, `reception.${unit}`);
    await other.act(codes[2], 'accept'); // meanwhile somebody else was faster with one
    await reception.check('input[name=act][value=accept]', { force: true });
    await reception.click('button:has-text("Thực hiện")');
    check(await reception.locator('tbody .govuk-tag--green').count() === 2, 'two done');
    check(await reception.locator('tbody .mc-late').count() === 1, 'one changed meanwhile: left as it is, and said');
    await looked_at(reception, 'bulk-result');
    await reception.click('a:has-text("Về danh sách")');
    check(where(reception).searchParams.get('box') === 'free', 'back in the same list');
  });

  await step('nothing chosen is no error page', async () => {
    await reception.click('text=Xử lý các hồ sơ đã chọn');
    check((await text(reception)).includes('Chưa chọn hồ sơ nào'), 'says what to do');
    await page_check(reception, 'nothing chosen');
  });

  await step('the specialist takes one, then hands it on with a reason; both see it', async () => {
    await specialist.goto('/desk/list?box=free');
    const link = specialist.locator('.mc-inbox a.mc-code').first();
    const code = (await link.innerText()).trim();
    await link.click();
    check(where(specialist).searchParams.get('list').includes('box=free'), 'the list is remembered');
    await specialist.click('button:has-text("Nhận xử lý")');
    await leader.goto('/desk/hand');
    await leader.selectOption('#owner', { label: await leader.locator('#owner option:has-text("Chuyên viên")').first().innerText() });
    await leader.click('button:has-text("Xem hồ sơ của người này")');
    check((await text(leader)).includes(code), 'all that they hold is shown');
    await looked_at(leader, 'hand');
    await leader.click('button:has-text("Bàn giao")');
    check(await leader.locator('.govuk-error-summary li').count() >= 1, 'whom and why must be said');
    await looked_at(leader, 'hand-errors');
    await leader.goto(`/desk/hand?pick=${code}`);
    await leader.selectOption('#to', { label: await leader.locator('#to option:has-text("Chuyên viên")').first().innerText() });
    await leader.fill('#reason', 'Chia lại việc tuần này');
    await leader.click('button:has-text("Bàn giao")');
    check(await leader.locator('tbody tr').count() === 1, 'the outcome');
    await looked_at(leader, 'hand-result');
    await leader.goto('/desk');
    check((await text(leader)).includes('Chia lại việc tuần này'), 'who gave sees it');
    await specialist.goto('/desk');
    check((await text(specialist)).includes('Chia lại việc tuần này'), 'who got it sees it');
    await looked_at(specialist, 'day-given');
  });

  await step('a specialist may not hand on what is another\'s', async () => {
    check((await specialist.goto('/desk/hand?owner=1')).status() === 403, 'refused');
  });

  let slip = '';
  await step('after an act the officer stands on the next of the list, and may undo', async () => {
    await specialist.goto('/desk/list?box=mine&procedure=');
    await specialist.goto('/desk/list?box=free');
    const link = specialist.locator('.mc-inbox tr:has-text("Phản ánh") a.mc-code, .mc-inbox tr:has-text("phản ánh") a.mc-code').first();
    const code = (await link.innerText()).trim();
    slip = code;
    await link.click();
    const box = specialist.locator('#act-answer');
    await box.locator('summary').click();
    await box.locator('[name=answer]').fill('Đèn đã được thay.');
    await box.locator('button').last().click();
    check(!where(specialist).pathname.endsWith(code), `gone on: ${where(specialist).pathname}`);
    check((await text(specialist, '.mc-did')).includes(code), 'what was just done is named');
    await looked_at(specialist, 'next');
    const undo = specialist.locator('.mc-did button');
    check(await undo.count() === 1, 'and may be undone');
    if (await undo.count()) {
      await undo.click();
      check(where(specialist).pathname.endsWith(code), 'undone: the dossier is open again');
      check(await specialist.locator('#act-answer').count() === 1, 'and waits for the same act');
      await shot(specialist, 'undone');
    }
  });

  await step('the control slip, on the screen and on paper', async () => {
    await specialist.goto(`/desk/dossier/${slip}`);
    await specialist.click('a[href$="/slip"]');
    check(await specialist.locator('.mc-slip__steps tbody tr').count() >= 2, 'a row for each step');
    check((await text(specialist)).includes('Mẫu số 05'), 'it says which form it is');
    await looked_at(specialist, 'slip');
    await specialist.emulateMedia({ media: 'print' });
    await specialist.setViewportSize({ width: 559, height: 794 }); // A5
    check(!(await specialist.locator('.mc-header').isVisible()), 'no header on paper');
    check(await specialist.locator('.mc-slip__steps').isVisible(), 'the steps are');
    await shot(specialist, 'slip-print');
    await specialist.setViewportSize({ width: 794, height: 1123 }); // A4
    await specialist.goto('/desk/list?box=unit');
    check(!(await specialist.locator('.mc-filter').isVisible()), 'no filter on paper');
    check(await specialist.locator('.mc-inbox').isVisible(), 'the list is');
    await shot(specialist, 'list-print');
    await specialist.goto(`/desk/dossier/${slip}`);
    check(!(await specialist.locator('.mc-actions').isVisible()), 'no acts on paper');
    await shot(specialist, 'dossier-print');
    await specialist.emulateMedia({ media: 'screen' });
  });

  await step('the citizen reads how long it really takes, and who holds it', async () => {
    const person = await page_new(browser, node.url, narrow);
    await person.goto('/service/petition');
    check((await text(person)).includes('ngày làm việc'), 'before filing');
    check(await person.locator('.mc-wait').count() === 1, 'real waiting times');
    await page_check(person, 'service with waiting times');
    await shot(person, 'citizen-service');
    await size_check(person, '/service/petition');
    const api = await (await fetch(`${node.url}/api/v1/services/petition/wait?unit=H07.21.01`)).json();
    check(api.all.dossiers > 0 && api.all.days_50 <= api.all.days_90, 'the same figures through the API');
    await person.goto('/login');
    await person.fill('#login', citizen);
    await person.fill('#password', password);
    await person.click('main form button');
    await person.goto(`/dossier/${codes[3]}`);
    check((await text(person)).includes('Bộ phận Một cửa'), 'role and unit, no name');
    await page_check(person, 'own dossier');
    await shot(person, 'citizen-dossier');
    await size_check(person, `/dossier/${codes[3]}`);
  });
} catch (e) {
  console.log(e.stack);
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
