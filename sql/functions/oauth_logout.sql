-- The session that an ID token of p_client names ends: a logout that the client asks for. Its
-- user and its sid stand in the token; whoever calls this has verified it. revoked: what the
-- verifiers must be told, also if the session had ended before. Nothing, if there is no such
-- session any more.
create function doorward.oauth_logout_end(p_client text, p_user uuid, p_id_sid text, p_address inet)
returns table (ended boolean, revoked text)
language plpgsql volatile security definer
set search_path = pg_catalog, doorward, pg_temp
as $$
declare
	v_session sessions := session_lock((select s.id from sessions s
		where s.user_id = p_user and oauth_id_sid(s.id, p_client) = p_id_sid));
begin
	ended := session_stop(v_session.id, 'logout', 'user', p_address, true);
	revoked := revoked_sids(v_session.id, null);
	return next;
end
$$;

insert into doorward.door (program, function) values ('oauth', 'oauth_logout_end');
