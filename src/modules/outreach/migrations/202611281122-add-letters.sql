-- Lets a message be a letter: it waits in the outbox, captured, with the bytes that would be printed.
-- Breaks running code: no (one more value is allowed; whoever reads messages shows what it finds).
set local lock_timeout = '5s';

alter table outreach.messages drop constraint messages_channel_check;
alter table outreach.messages add constraint messages_channel_check check (channel in ('email', 'letter'));
alter table outreach.senders drop constraint senders_channel_check;
alter table outreach.senders add constraint senders_channel_check check (channel in ('email', 'letter'));
-- No printer is connected yet: a letter is captured and nothing else.
alter table outreach.senders add constraint senders_letters_are_captured check (channel <> 'letter' or mode = 'capture');
alter table outreach.messages add constraint messages_letters_are_captured check (channel <> 'letter' or mode = 'capture');
