int  value ;
