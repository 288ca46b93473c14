// story_again.mjs - what comes after an end, without JavaScript, on a phone and on a desk: a refusal says how to complain;
// the first complaint is decided where it was refused, the second one above, and the work comes back; an answered petition
// is reopened once. What the citizen and the offices see of it goes on paper, too.
// Run: node tests/browser/story_again.mjs [SHOTS=dir]
import { node_start, browser_start, page_new, shot, check, step, finish, page_check, sign_in, officer, password } from './lib.mjs';

const wide = { width: 1440, height: 900 }, narrow = { width: 375, height: 740 };
const citizen = '083195000000';
const house = {
  investor: 'person', investor_address: 'Ấp Mẫu, xã Thử Nghiệm, tỉnh Bến Tre', phone: '0900000011', kind: 'house', permit: 'new', place: 'Ấp Mẫu',
  place_commune: 'Xã Thử Nghiệm', land_lot: 'thửa 125, tờ bản đồ 14', land_area_m2: 200, land_paper_kind: 'certificate', adjacent: false,
  ground_area_m2: 80, floor_area_m2: 160, height_cm: 780, floors: 2, basements: 0, designer_name: 'Nguyễn Văn An', months: 8, declaration: true,
};
const petition = {
  kind: 'local', field: 'land', subject: 'Đèn đường hỏng', content: 'Đèn đường trước trường học hỏng đã một tuần, buổi tối rất tối.',
  place: 'Trước trường học', identity: 'named', may_publish: true, confidential: false, declaration: true,
};
const pdf = new Blob(['%PDF-1.4\n%%EOF\n'], { type: 'application/pdf' });
const text = (page, at = 'main') => page.locator(at).innerText();

async function api(url, token, path, body) {
  const is_form = body instanceof FormData;
  const r = await fetch(url + path, {
    method: 'POST', body: is_form ? body : JSON.stringify(body),
    headers: { ...(is_form ? {} : { 'Content-Type': 'application/json' }), ...(token ? { Authorization: `Bearer ${token}` } : {}) },
  });
  if (!r.ok) throw new Error(`${path} ${r.status}: ${(await r.text()).slice(0, 300)}`);
  return r.json();
}

/** Filed with papers through the API; the provisional code. */
async function filed(url, token, service, unit, answers, papers = []) {
  const { draft } = await api(url, token, '/api/v1/drafts', { service, unit, answers });
  for (const document of papers) {
    const form = new FormData();
    form.append('document', document);
    form.append('file', pdf, 'giay-to.pdf');
    await api(url, token, `/api/v1/drafts/${draft}/files`, form);
  }
  return (await api(url, token, '/api/v1/dossiers', { draft })).code;
}

async function looked_at(page, name) {
  for (const [size, tag] of [[narrow, '375'], [wide, '1440']]) {
    await page.setViewportSize(size);
    await page_check(page, `${name} at ${tag}`);
    await shot(page, `${name}-${tag}`);
  }
}

/** On paper: what is shown and what is not; a picture. */
async function printed(page, name, { kept, gone }) {
  await page.setViewportSize({ width: 794, height: 1123 }); // A4 at 96 dpi
  await page.emulateMedia({ media: 'print' });
  const words = await text(page);
  for (const word of kept) check(words.includes(word), `${name} on paper: ${word}`);
  for (const at of ['header', 'nav', ...gone]) {
    const seen = await page.locator(at).evaluateAll((all) => all.filter((e) => e.checkVisibility()).length);
    check(seen === 0, `${name} on paper: no ${at}`);
  }
  check(await page.evaluate(() => document.documentElement.scrollWidth <= 794), `${name} on paper: not wider than the sheet`);
  await shot(page, `${name}-print`);
  await page.emulateMedia({ media: 'screen' });
}

/** The citizen's page of an act: empty it is refused beside its field, filled it is done. */
async function asked(page, code, act, field, words) {
  await page.goto(`/dossier/${code}`);
  await page.click(`a[href$="/act/${act}"]`);
  await page.click('main form .govuk-button-group button');
  check(await page.locator('.govuk-error-summary').count() === 1, `${act} without its ${field}: told`);
  await looked_at(page, `${act}-error`);
  await page.fill(`[name="${field}"]`, words);
  await page.click('main form .govuk-button-group button');
}

const node = await node_start({ undo: 0 });
const browser = await browser_start();
try {
  const phone = await page_new(browser, node.url, narrow);
  await sign_in(phone, citizen);
  const { token } = await api(node.url, '', '/api/v1/session', { login: citizen, password });
  const at = (login) => officer(node.url, login);
  const desk = async (login) => {
    const page = await page_new(browser, node.url, wide);
    await sign_in(page, login);
    return page;
  };
  const district = await desk('leader.h07.21'), province = await desk('leader.h07');
  let code = '';

  await step('refused: the reason, the law, and how to complain until when', async () => {
    const track = await filed(node.url, token, 'building-permit', 'H07.21', house, ['land_paper', 'drawings']);
    const { code: given } = await (await at('reception.h07.21')).act(track, 'accept_house');
    code = given;
    await phone.goto(`/dossier/${code}`);
    const before = await text(phone);
    const [promised, due] = ['Ngày hẹn trả', 'Thời hạn theo quy định'].map((w) => before.match(new RegExp(`${w}\\s+(\\d\\d/\\d\\d/\\d{4})`))?.[1]);
    check(promised && due && promised !== due, `promised for ${promised}, by law ${due}`);
    await looked_at(phone, 'received');
    await phone.goto('/me');
    check((await text(phone)).includes(`Ngày hẹn trả kết quả: ${promised}`), 'the notice says the day that is promised');
    await (await at('specialist.h07.21')).act(code, 'refuse', { reason: 'Lô đất không phù hợp quy hoạch', law: 'Luật Xây dựng, Điều 93' });
    await phone.goto(`/dossier/${code}`);
    const words = await text(phone);
    check(words.includes('Lô đất không phù hợp quy hoạch') && words.includes('Điều 93'), 'reason and law');
    check(/khiếu nại/i.test(words) && await phone.locator('a[href$="/act/appeal"]').count() === 1, 'and the way to complain');
    await looked_at(phone, 'refused');
  });

  await step('the first complaint goes to the leader where it was refused', async () => {
    await asked(phone, code, 'appeal', 'reason', 'Lô đất của tôi đúng quy hoạch 2025');
    check((await text(phone)).includes('Đang giải quyết khiếu nại lần đầu'), 'it is being decided');
    await looked_at(phone, 'complaint');
    await district.goto('/desk/list?box=unit');
    check((await text(district)).includes(code), 'on the district leader\'s list');
    await province.goto(`/desk/dossier/${code}`);
    check(await province.locator('#act-uphold').count() === 0, 'not for the province to decide');
  });

  await step('not accepted: with a reason and its law; the second complaint goes to the unit above', async () => {
    await district.goto(`/desk/dossier/${code}`);
    check((await text(district)).includes('đúng quy hoạch 2025'), 'the leader reads the complaint');
    await looked_at(district, 'complaint-desk');
    await district.locator('#act-uphold summary').click();
    await district.locator('#act-uphold button').last().click();
    check(await district.locator('.govuk-error-summary a').count() >= 2, 'reason and law are asked for');
    await district.locator('#act-uphold [name=reason]').fill('Lô đất nằm trong lộ giới');
    await district.locator('#act-uphold [name=law]').fill('Luật Khiếu nại, Điều 31');
    await district.locator('#act-uphold button').last().click();
    await asked(phone, code, 'appeal', 'reason', 'Lộ giới đã được điều chỉnh');
    const words = await text(phone);
    check(words.includes('Cấp trên đang giải quyết khiếu nại lần hai') && /tỉnh/i.test(words), 'the citizen reads who has it now');
    await looked_at(phone, 'complaint2');
  });

  await step('above, it is decided; the district no longer can; the work comes back', async () => {
    await district.goto(`/desk/dossier/${code}`);
    check(await district.locator('#act-overturn').count() === 0, 'the district reads and cannot decide');
    await province.goto('/desk/list?box=unit');
    check((await text(province)).includes(code), 'on the province\'s list');
    await province.goto(`/desk/dossier/${code}`);
    await looked_at(province, 'complaint2-desk');
    await province.locator('#act-overturn summary').click();
    await province.locator('#act-overturn [name=reason]').fill('Quy hoạch mới đã có hiệu lực');
    await province.locator('#act-overturn button').last().click();
    await phone.goto(`/dossier/${code}`);
    const words = await text(phone);
    check(words.includes('Phòng chuyên môn xem lại') && words.includes('Quy hoạch mới đã có hiệu lực'), 'the citizen reads the outcome');
    const specialist = await desk('specialist.h07.21');
    await specialist.goto(`/desk/dossier/${code}`);
    check(await specialist.locator('#act-propose').count() === 1, 'the district has it again');
    await looked_at(specialist, 'back-again');
    await specialist.goto(`/desk/dossier/${code}/slip`);
    const slip = await text(specialist);
    check(slip.includes('Đang giải quyết khiếu nại lần đầu') && slip.includes('Cấp trên đang giải quyết khiếu nại lần hai'), 'the slip has both complaints');
    await specialist.goto(`/desk/dossier/${code}`);
    await printed(specialist, 'desk', { kept: [code, 'Quy hoạch mới đã có hiệu lực', 'Lô đất nằm trong lộ giới'], gone: ['main button', 'main form', '#act-propose'] });
    await specialist.context().close();
  });

  await step('the citizen\'s pages on paper: the dossier, why its date, what was filed', async () => {
    await phone.goto(`/dossier/${code}`);
    await printed(phone, 'dossier', { kept: [code, 'Lộ giới đã được điều chỉnh', 'Phòng chuyên môn xem lại'], gone: ['main button', 'main form'] });
    await phone.goto(`/dossier/${code}/due`);
    await printed(phone, 'due', { kept: [code, 'Ngày bắt đầu'], gone: ['main button'] });
    await phone.goto('/me');
    await printed(phone, 'me', { kept: [code], gone: ['main button', 'main form'] });
    await phone.setViewportSize(narrow);
  });

  await step('a petition is answered, reopened with a reason, answered again; once', async () => {
    const track = await filed(node.url, token, 'petition', 'H07.21.01', petition);
    const [reception, specialist, leader] = await Promise.all(['reception', 'specialist', 'leader'].map((r) => at(`${r}.h07.21.01`)));
    const { code: own } = await reception.act(track, 'accept');
    await specialist.act(own, 'answer', { answer: 'Đã thay bóng đèn ngày hôm nay.' });
    await leader.act(own, 'sign_publish');
    await asked(phone, own, 'reopen', 'reason', 'Đèn vẫn tắt sau 20 giờ');
    check((await text(phone)).includes('Đèn vẫn tắt sau 20 giờ'), 'the reason stands in the history');
    await looked_at(phone, 'reopened');
    await phone.goto('/answers');
    check(!(await text(phone)).includes('thay bóng đèn'), 'the answer is public no more');
    const page = await desk('specialist.h07.21.01');
    await page.goto(`/desk/dossier/${own}`);
    check(await page.locator('#act-answer').count() === 1 && (await text(page)).includes('Đèn vẫn tắt'), 'the office works on it again');
    await specialist.act(own, 'answer', { answer: 'Đã thay cả bộ nguồn.' });
    await leader.act(own, 'sign_publish');
    await phone.goto(`/dossier/${own}`);
    check(await phone.locator('a[href$="/act/confirm"]').count() === 1 && await phone.locator('a[href$="/act/reopen"]').count() === 0, 'not a second time');
    const r = await phone.request.post(`/api/v1/dossiers/${own}/acts`, { data: { act: 'reopen', reason: 'x' }, headers: { Authorization: `Bearer ${token}` } });
    check(r.status() === 409, `nor through the API (${r.status()})`);
    await page.context().close();
  });
} finally {
  await browser.close();
  await node.stop();
}
process.exit(finish());
