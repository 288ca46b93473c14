-- 0043 ringing: what rings is asked for by every page of alerts, the latest first; all that ever rang
-- was gone through for it.
create index alert_ringing on alert (raised_us, seq) where cleared_seq is null;
