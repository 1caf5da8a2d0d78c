-- The outbox: what is to be mailed, to whom, and about which link.

create function doorward.outbox_add(p_template text, p_language text, p_recipient text,
	p_link uuid, p_user uuid) returns bigint
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_id bigint;
begin
	insert into outbox (template, language, recipient, link_id, user_id, created_at, due_at)
	values (p_template, p_language, p_recipient, p_link, p_user, doorward.now(), doorward.now())
	returning id into v_id;
	return v_id;
end
$$;

insert into doorward.door (program, function) values
	('account', 'outbox_add'), ('admin', 'outbox_add');
