/** Labels of buttons: before it is done, once it is done, and to take it back. Neutral towards whoever presses them. */
import type { Message, Translated } from './words.ts';

export interface ActionWords { readonly do: Message; readonly done: Message; readonly undo: Message }

/** Rows are columns of a translator's sheet: en, de, ar, ja. */
const label = (...[en, de, ar, ja]: readonly [string, string, string, string]): Translated => ({ en, de, ar, ja });

const BACK = label('Undo', 'Rückgängig', 'تراجع', '元に戻す');

export const ACTION_WORDS: Readonly<Record<string, ActionWords>> = {
  connect: {
    do: label('Connect', 'Vernetzen', 'تواصل', 'つながる'),
    // Somebody has been asked and has not answered.
    done: label('Pending', 'Angefragt', 'قيد الانتظار', '申請中'),
    undo: label('Withdraw', 'Zurückziehen', 'سحب الطلب', '申請の取り消し'),
  },
  follow: {
    do: label('Follow', 'Folgen', 'متابعة', 'フォロー'),
    done: label('Following', 'Gefolgt', 'قيد المتابعة', 'フォロー中'),
    undo: label('Unfollow', 'Entfolgen', 'إلغاء المتابعة', 'フォロー解除'),
  },
  join: {
    do: label('Join', 'Beitreten', 'انضمام', '参加'),
    done: label('Joined', 'Beigetreten', 'تم الانضمام', '参加中'),
    undo: label('Leave', 'Verlassen', 'مغادرة', '退会'),
  },
  subscribe: {
    do: label('Subscribe', 'Abonnieren', 'اشتراك', '購読'),
    done: label('Subscribed', 'Abonniert', 'تم الاشتراك', '購読中'),
    undo: label('Unsubscribe', 'Abbestellen', 'إلغاء الاشتراك', '購読解除'),
  },
  attend: {
    do: label('Attend', 'Teilnehmen', 'حضور', '参加'),
    done: label('Attending', 'Zugesagt', 'حضور مؤكد', '参加予定'),
    undo: label('Cancel attendance', 'Absagen', 'إلغاء الحضور', '参加の取り消し'),
  },
  apply: {
    do: label('Apply', 'Bewerben', 'تقديم طلب', '応募'),
    done: label('Applied', 'Beworben', 'تم التقديم', '応募済み'),
    undo: label('Withdraw', 'Zurückziehen', 'سحب الطلب', '応募の取り下げ'),
  },
  save: {
    do: label('Save', 'Speichern', 'حفظ', '保存'),
    done: label('Saved', 'Gespeichert', 'تم الحفظ', '保存済み'),
    undo: label('Unsave', 'Nicht speichern', 'إلغاء الحفظ', '保存解除'),
  },
  start: {
    do: label('Start', 'Starten', 'بدء', '開始'),
    done: label('Started', 'Gestartet', 'تم البدء', '開始済み'),
    undo: label('Stop', 'Abbrechen', 'إيقاف', '中止'),
  },
  view: {
    do: label('View', 'Ansehen', 'عرض', '表示'),
    done: label('Viewed', 'Angesehen', 'تم العرض', '表示済み'),
    undo: BACK,
  },
  dismiss: {
    do: label('Dismiss', 'Ausblenden', 'إخفاء', '非表示'),
    done: label('Dismissed', 'Ausgeblendet', 'تم الإخفاء', '非表示済み'),
    undo: BACK,
  },
};

/** The labels of an action; one of a plug-in without labels is called by its name, split into words: "Long view" for longView. */
export const actionWords = (action: string): ActionWords => {
  const known = Object.hasOwn(ACTION_WORDS, action) ? ACTION_WORDS[action] : undefined;
  if (known !== undefined) return known;
  const spaced = action.replace(/(?<=[a-z0-9])(?=[A-Z])/gu, ' ').toLowerCase();
  const name = { en: spaced.charAt(0).toUpperCase() + spaced.slice(1) };
  return { do: name, done: name, undo: BACK };
};
