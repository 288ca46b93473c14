// story_officer.mjs - officers without JavaScript: the counter files for a citizen, reception receives, the
// specialist asks for a supplement and is too slow once, the leader signs with a result; the public figures
// change at once; an officer of another unit gets 403 and the refusal is in the ledger.
// Run: node tests/browser/story_officer.mjs [SHOTS=dir]
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, password } from './lib.mjs';

const unit = 'h07.21.01', other = 'h07.22.01';
const demo_citizen = '083195000000';
const citizen = { number: '083190654321', name: 'Lê Thị Quầy', birth: '1990-08-27', phone: '0901234567' };
const answers = {
  kind: 'local', field: { index: 1 }, subject: 'Đèn đường hỏng', content: 'Đèn đường trước trường học hỏng đã một tuần, buổi tối rất tối.',
  proposal: 'Xin sửa đèn.', place: 'Trước trường học phường Phú Khương', identity: 'named', may_publish: 'true', confidential: 'false',
  declaration: 'true',
};

async function sign_in_as(browser, url, login) {
  const page = await page_new(browser, url, { width: 1440, height: 900 });
  await page.goto('/login?to=%2Fdesk');
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('main form button');
  return page;
}
const where = (page) => new URL(page.url()).pathname;

/** Opens the act's box and presses its button; inputs by name. */
async function act(page, id, inputs = {}, file) {
  const box = page.locator(`#act-${id}`);
  if ((await box.getAttribute('open')) === null) await box.locator('summary').click();
  for (const [name, value] of Object.entries(inputs)) await box.locator(`[name="${name}"]`).fill(value);
  if (file) await box.locator('input[type=file]').setInputFiles(file);
  await box.locator('button').last().click();
}

async function answer(page, all) {
  for (const [name, value] of Object.entries(all)) {
    const box = page.locator(`[name="a.${name}"]`).first();
    if (!(await box.count())) continue;
    const type = await box.getAttribute('type');
    if (type === 'radio') await (value.index ? box : page.locator(`[name="a.${name}"][value="${value}"]`)).check({ force: true });
    else if (type === 'checkbox') await page.locator(`[type=checkbox][name="a.${name}"]`).check({ force: true });
    else if ((await box.evaluate((e) => e.tagName)) === 'SELECT') await box.selectOption(value);
    else await box.fill(value);
  }
}

/** Files through the API as a demo citizen; the code. */
async function filed_online(url) {
  const post = async (path, body, token) => {
    const headers = { 'Content-Type': 'application/json', ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    const r = await fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });
    if (!r.ok) throw new Error(`${path} ${r.status}: ${(await r.text()).slice(0, 300)}`);
    return r.json();
  };
  const { token } = await post('/api/v1/session', { login: demo_citizen, password });
  const given = { ...answers, field: 'land', may_publish: true, confidential: false, declaration: true, identity: 'hidden' };
  return (await post('/api/v1/dossiers', { service: 'petition', unit: 'H07.21.01', answers: given }, token)).code;
}

const ledger_size = async (page) => Number((await (await page.request.get('/ledger/checkpoint')).text()).split('\n')[1]);
const figure = async (page, id) => (await page.locator(`.mc-figure:has(a[href^="/figures/${id}?"]) .mc-figure__value`).innerText()).trim();

const node = await node_start();
const browser = await browser_start();
let code = '';
try {
  const figures = await page_new(browser, node.url, { width: 1440, height: 900, js: true });
  await figures.goto('/figures');
  const before = Number((await figure(figures, 'received')).replace(/\D/g, '')) || 0;

  const reception = await sign_in_as(browser, node.url, `reception.${unit}`);
  await step('an officer lands on the desk of the unit', async () => {
    check(where(reception) === '/desk', 'desk');
    await page_check(reception, 'the day');
    await reception.goto('/desk/list');
    check(await reception.locator('.mc-tabs li').count() === 6, 'six lists');
    await page_check(reception, 'inbox');
    await shot(reception, 'desk-inbox');
  });
  await step('the counter registers a citizen who is not known', async () => {
    await reception.click('a[href^="/desk/intake"]');
    await reception.fill('#number', '12');
    await reception.click('main form button');
    check(await reception.locator('.govuk-error-summary li').count() === 2, 'a wrong number and no procedure: both told');
    await reception.selectOption('#service', 'petition');
    await reception.fill('#number', citizen.number);
    await reception.click('main form button');
    check(await reception.locator('#name').count() === 1, 'asks who that is');
    for (const k of ['name', 'birth', 'phone']) await reception.fill('#' + k, citizen[k]);
    await shot(reception, 'desk-intake');
    await reception.click('main form button');
    check(/^\/desk\/intake\/[^/]+$/.test(where(reception)), 'the form is open');
  });
  await step('a form left unfinished waits on the counter page, for the same person', async () => {
    await reception.goto('/me');
    check(await reception.locator('a[href^="/draft/"]').count() === 0, 'it is not among the officer\'s own');
    await reception.goto('/desk/intake');
    check((await reception.locator('main').innerText()).includes(citizen.name), 'it names the person');
    await page_check(reception, 'counter with a draft');
    await shot(reception, 'desk-intake-drafts');
    await reception.click('.mc-row__title');
    check((await reception.locator('main').innerText()).includes(citizen.number), 'the person is kept');
  });
  await step('the whole form stands on one page and tells every error at once', async () => {
    await page_check(reception, 'counter form');
    await reception.click('button[name=submit]');
    check(await reception.locator('.govuk-error-summary li').count() >= 3, 'errors with their fields');
    await shot(reception, 'desk-form-errors');
    for (let i = 0; i < 4 && /\/desk\/intake\/[^/]+$/.test(where(reception)); i++) {
      await answer(reception, answers); // answers that lead to further questions show them when saved
      await reception.click('button[name=submit]');
    }
    check(where(reception).startsWith('/desk/intake/filed/'), `filed: ${await reception.locator('.govuk-error-summary').innerText().catch(() => 'no errors')}`);
    await shot(reception, 'desk-filed');
    const link = await reception.locator('a[href*="/receipts/"]').getAttribute('href');
    check((await (await reception.request.get(link)).text()).startsWith('c2sp.org/tlog-proof'), 'the receipt is a proof');
    await reception.click('a.govuk-button');
  });
  await step('the public figures change at once, without loading the page again', async () => {
    await figures.waitForFunction((n) => {
      const a = document.querySelector('.mc-figure a[href^="/figures/received?"]');
      return a && Number(a.closest('li').querySelector('.mc-figure__value').textContent.replace(/\D/g, '')) > n;
    }, before, { timeout: 5000 });
    check(true, 'one more');
    await shot(figures, 'figures');
  });
  await step('reception receives it: the code is issued', async () => {
    check(await reception.locator('.mc-act').count() >= 3, 'what reception may do');
    const name = await reception.locator('.mc-header form button').innerText();
    check(!(await reception.locator('.mc-reading').innerText()).includes(name.replace(/^.*\(|\)$/g, '')), 'the officer is not the applicant');
    await shot(reception, 'desk-dossier');
    await act(reception, 'accept');
    code = (await reception.locator('h1').innerText()).trim();
    check(/^H07\.21\.01-\d{6}-\d{4}$/.test(code), code);
    check(await reception.locator('.govuk-notification-banner').count() === 1, 'says that it was done');
  });

  const specialist = await sign_in_as(browser, node.url, `specialist.${unit}`);
  const slow = await specialist.context().newPage();
  await step('the specialist takes it', async () => {
    await specialist.goto('/desk/list?box=free');
    await specialist.click(`.mc-inbox a:text-is("${code}")`);
    await specialist.click('button:has-text("Nhận xử lý")');
    await specialist.goto('/desk/list?box=mine');
    check(await specialist.locator(`.mc-inbox a:text-is("${code}")`).count() === 1, 'it is among mine');
    await slow.goto(`/desk/dossier/${code}`);
  });
  await step('a supplement needs its reason and items, then goes to the applicant', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    await act(specialist, 'supplement');
    check(await specialist.locator('.govuk-error-summary li').count() === 2, 'reason and items are asked for');
    await shot(specialist, 'desk-act-errors');
    await act(specialist, 'supplement', { reason: 'Chưa rõ vị trí cột đèn.', items: 'Vị trí cột đèn\nẢnh chụp' });
    check((await specialist.locator('main').innerText()).includes('Ảnh chụp'), 'the history lists the items');
    await shot(specialist, 'desk-supplement');
  });
  await step('who was slower is told what happened meanwhile', async () => {
    await act(slow, 'refuse', { reason: 'Không đủ thông tin.', law: 'Luật Tiếp công dân Điều 26' });
    check((await slow.locator('main').innerText()).includes('Vị trí cột đèn'), 'the conflict page says it');
    check(await slow.locator(`a[href="/desk/dossier/${code}"]`).count() === 1, 'and leads back');
    await shot(slow, 'desk-conflict');
  });
  await step('nothing is to be done while the applicant has the turn', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    check(await specialist.locator('.mc-act').count() === 0, 'no act is offered');
  });
  await step('another one is decided: reception, specialist, leader', async () => {
    const done = await figure(figures, 'accepted');
    let path = `/desk/dossier/${await filed_online(node.url)}`;
    await reception.goto(path);
    await act(reception, 'accept');
    path = where(reception);
    await specialist.goto(path);
    await act(specialist, 'answer', { answer: 'Đèn đã được thay ngày hôm nay.' });
    const leader = await sign_in_as(browser, node.url, `leader.${unit}`);
    await leader.goto(path);
    check(await leader.locator('#account').count() === 1, 'the leader may assign');
    await shot(leader, 'desk-leader');
    await act(leader, 'sign_publish');
    check((await leader.locator('.mc-timeline').innerText()).includes('Đèn đã được thay'), 'decided, with the answer in the history');
    await figures.waitForFunction((was) => document.querySelector('.mc-figure a[href^="/figures/accepted?"]').closest('li')
      .querySelector('.mc-figure__value').textContent.trim() !== was, done, { timeout: 5000 });
    check(true, 'the figures followed');
  });
  await step('a note is internal; an empty one is refused', async () => {
    await specialist.goto(`/desk/dossier/${code}`);
    await specialist.fill('#note-text', 'Đã gọi điện.');
    await specialist.click('button:has-text("Thêm ghi chú")');
    check((await specialist.locator('.mc-internal').innerText()).includes('Đã gọi điện.'), 'shown to officers');
    await specialist.click('button:has-text("Thêm ghi chú")');
    check(await specialist.locator('.govuk-error-summary').count() === 1, 'empty: refused');
  });
  await step('an officer of another unit gets 403, and the try is in the ledger', async () => {
    const stranger = await sign_in_as(browser, node.url, `leader.${other}`);
    const size = await ledger_size(stranger);
    const r = await stranger.goto(`/desk/dossier/${code}`);
    check(r.status() === 403, `status ${r.status()}`);
    check(!(await stranger.locator('main').innerText()).includes(citizen.name), 'nothing of the dossier is shown');
    check(await ledger_size(stranger) > size, 'the ledger grew');
    check((await stranger.goto(`/desk/list?unit=H07.21.01`)).status() === 403, 'nor its inbox');
    await stranger.goto(`/desk/dossier/${code}`);
    await shot(stranger, 'desk-forbidden');
  });
  await step('the dossiers behind a figure are for those above only', async () => {
    await figures.goto('/figures/received/dossiers');
    check(!(await figures.locator('main').innerText()).includes(code), 'not for everybody');
    const leader = await sign_in_as(browser, node.url, 'leader.h07');
    await leader.goto('/figures/received/dossiers');
    check((await leader.locator('main').innerText()).includes(code), 'the province sees it');
    await leader.goto('/figures/received');
    await page_check(leader, 'a figure');
    await shot(leader, 'figure');
  });
  await step('on a phone everything fits', async () => {
    const cookies = await specialist.context().cookies();
    const phone = await page_new(browser, node.url);
    await phone.context().addCookies(cookies);
    for (const path of ['/desk/list?box=unit', `/desk/dossier/${code}`, '/figures', '/figures/on_time']) {
      await phone.goto(path);
      await page_check(phone, path);
      await shot(phone, 'phone');
    }
  });
} catch (e) {
  console.error(e.message);
  console.error(node.log().split('\n').filter((l) => !/status=(200|303)/.test(l)).slice(-8).join('\n'));
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
